"""Complete HTTP answers: how one is taken from an ASGI application, cut short, and sent; no knowledge of vendors."""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class ConnectionDropped(Exception):
    """The client gets no (complete) answer: whoever carries the answer closes the connection."""


@dataclass(frozen=True)
class Answer:
    """An answer as a whole; its headers may promise a longer body than there is."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> "Answer":
        """Give a Starlette response as an answer."""
        return cls(response.status_code, list(response.raw_headers), bytes(response.body))

    @property
    def complete(self) -> bool:
        """Whether the body is as long as the headers say."""
        return len(self.body) >= int(Headers(raw=self.headers).get("content-length", 0))

    def truncated(self) -> "Answer":
        """Give the same answer with half of its body and the old Content-Length.

        Raises ConnectionDropped when there is no body to cut.
        """
        if not self.body:
            raise ConnectionDropped
        return Answer(self.status, self.headers, self.body[: len(self.body) // 2])

    async def send(self, send: Send) -> None:
        """Send it. Raises ConnectionDropped after the last byte of an incomplete one."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": not self.complete})
        if not self.complete:
            raise ConnectionDropped


async def read_body(receive: Receive) -> bytes:
    """Give the whole request body. Raises ConnectionDropped when the client leaves before its end."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionDropped
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


async def ask(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    """Give what the application answers to this request. Raises ConnectionDropped when it breaks off."""
    start: Message = {}
    chunks: list[bytes] = []
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not unread:
            await asyncio.Event().wait()  # the client stays until it has its answer
        return unread.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(start["status"], list(start.get("headers", [])), b"".join(chunks))


def problem(status: int, message: str) -> JSONResponse:
    """Give the frame's own error, which looks like no vendor's."""
    return JSONResponse({"error": message}, status)
