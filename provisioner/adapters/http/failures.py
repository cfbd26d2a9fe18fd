"""A failure below HTTP, told so that its reader knows what happened, where, and what to try next."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from provisioner.adapters.http.body import Unbounded
from provisioner.adapters.http.redact import shown_path, shown_text
from provisioner.errors import AnswerLost, NetworkError

# Nothing of the request has reached the server.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

# A million people, at the usual 200 a page.
MOST_PAGES = 5000
WRONG_PLACE = "check the address in the plan file (the API's host, not the console's), and any proxy in between"


def place(url: httpx.URL) -> str:
    """The host, with the port where it is not the usual one."""
    return url.netloc.decode("ascii").rpartition("@")[2]


def is_hopeless(error: httpx.RequestError) -> bool:
    """Whether trying again cannot help: a certificate that is not trusted, a name that does not exist."""
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | Unbounded):
        return True
    return any(
        isinstance(cause, ssl.SSLCertVerificationError)
        or (isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME)
        for cause in _causes(error)
    )


def network_error(error: httpx.RequestError, url: httpx.URL) -> NetworkError:
    """The failure of a request that may be repeated, or was never sent."""
    host = place(url)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NetworkError(
                f"the certificate of {host} is not trusted: {cause.verify_message}",
                hint="if your network inspects TLS, or the server has its own authority: set SSL_CERT_FILE to its file",
            )
        if isinstance(cause, ssl.SSLError):
            return NetworkError(
                f"no TLS connection to {host}: {cause}",
                hint="check that the address and port speak https, and whether a proxy stands in between",
            )
        if isinstance(cause, socket.gaierror):
            return NetworkError(
                f"the name {url.host} cannot be resolved: {cause.strerror}",
                hint="check the address in the plan file for a typing error, and your DNS, VPN or proxy",
            )
        if isinstance(cause, ConnectionRefusedError):
            return NetworkError(
                f"{host} refuses the connection", hint="check address, port and proxy; is the server running?"
            )
    return _by_kind(error, host)


def _by_kind(error: httpx.RequestError, host: str) -> NetworkError:
    if isinstance(error, httpx.LocalProtocolError):
        # Its text quotes the header that it complains of, and that may be the one with the credentials.
        return NetworkError(
            f"the request to {host} cannot be sent as it is", hint="check the credentials for odd signs"
        )
    if isinstance(error, httpx.ProxyError):
        return NetworkError(
            f"the proxy on the way to {host} refused: {shown_text(str(error))}",
            hint="check HTTPS_PROXY and its credentials, or name the host in NO_PROXY",
        )
    if isinstance(error, httpx.ConnectTimeout):
        return NetworkError(
            f"{host} cannot be reached: no connection in time", hint="check network, firewall and proxy"
        )
    if isinstance(error, Unbounded | httpx.TimeoutException | httpx.DecodingError | httpx.RemoteProtocolError):
        return _bad_answer(error, host)
    detail = shown_text(str(error)) or type(error).__name__
    return NetworkError(f"the connection to {host} failed: {detail}", hint="check network and proxy, then try again")


def _bad_answer(error: httpx.RequestError, host: str) -> NetworkError:
    if isinstance(error, Unbounded):
        return NetworkError(f"{host} {error}", hint=WRONG_PLACE)
    if isinstance(error, httpx.TimeoutException):
        return NetworkError(f"{host} did not answer in time", hint="try again; see the vendor's status page")
    if isinstance(error, httpx.DecodingError):
        return NetworkError(
            f"the answer of {host} cannot be read: {shown_text(str(error))}", hint=f"try again, then {WRONG_PLACE}"
        )
    return NetworkError(f"{host} broke off its answer: {shown_text(str(error))}", hint="try again")


def answer_lost(request: httpx.Request, outcome: httpx.Response | httpx.RequestError) -> AnswerLost:
    """The failure of a write that must not be sent twice: it may have happened or not."""
    if isinstance(outcome, httpx.Response):
        what = f"answered {outcome.status_code}"
    elif isinstance(outcome, httpx.TimeoutException):
        what = "did not answer in time"
    else:
        what = "broke off its answer"
    return AnswerLost(
        f"{place(request.url)} {what} to {request.method} {shown_path(request.url.path)}; it may have been done",
        hint="run the same command again: what was done is found and not done twice",
    )


def web_page(response: httpx.Response, url: httpx.URL) -> NetworkError:
    """HTML where an API should answer: a wrong address, a login wall, a proxy's own page, an outage."""
    outage = "it is down, or a proxy in between cannot reach it: try again later; see the vendor's status page"
    return NetworkError(
        f"{place(url)} answered {response.status_code} with a web page instead of data",
        hint=outage if response.status_code >= 500 else WRONG_PLACE,
    )


def endless(url: httpx.URL) -> NetworkError:
    """A list that goes on after `MOST_PAGES`, or comes back to where it was."""
    return NetworkError(f"{place(url)} pages without end", hint="try again, then tell the vendor's support")


def redirected(response: httpx.Response, url: httpx.URL) -> NetworkError:
    """A redirect: credentials are never carried to where the plan file does not point."""
    try:
        target = place(url.join(response.headers["location"]))
    except (KeyError, httpx.InvalidURL):
        return NetworkError(
            f"{place(url)} answered {response.status_code}, a redirect to nowhere",
            hint=WRONG_PLACE,
        )
    return NetworkError(
        f"{place(url)} redirects to {target}; credentials are not sent there",
        hint=f"if {target} is your tenant, write it into the plan file",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception with all that led to it; a connection tried on several addresses fails with a group."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            for member in seen.exceptions:
                yield from _causes(member)
        seen = seen.__cause__ or seen.__context__
