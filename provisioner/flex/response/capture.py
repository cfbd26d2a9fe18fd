"""Finds the SAML response in what people capture: base64, a form body, XML, a SAML-tracer export, a HAR."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from provisioner.errors import ProvisionerError

# A HAR of a login has a few megabytes, a response a few kilobytes; beyond these nothing is read into memory.
LARGEST_FILE = 16_000_000
LARGEST_RESPONSE = 1_000_000

_FIELD = "SAMLResponse"
_IN_FORM = re.compile(rf"\b{_FIELD}=([^&\s'\"]+)")
# It names the encoding of the file, which is decoded by now. No signature covers it.
_DECLARATION = re.compile(r"\A<\?xml\s[^>]*\?>\s*")
_PAGE = re.compile(r"<!doctype html|<html", re.IGNORECASE)
_INPUT = re.compile(rf"<input\b(?=[^<>]*\bname=[\"']?{_FIELD}\b)[^<>]*\bvalue=[\"']?([^<>\"'\s]+)", re.IGNORECASE)
_KINDS = "base64, a form body with SAMLResponse=…, XML, a SAML-tracer export or a HAR"
_MASKED = (
    "the browser left out what was posted: in Chrome switch on *Allow to generate HAR with sensitive data* in the"
    " settings of the developer tools, and capture the login again"
)
# Base64 for addresses has other signs for two of the 64.
_ONE_ALPHABET = str.maketrans("-_", "+/")


class Capture(NamedTuple):
    """One response as it was captured: its XML; where and when the browser posted it, if that is known.

    `others` counts the responses before it in the same file. `deflated` is one that came as in an address.
    """

    xml: bytes
    posted_to: str = ""
    posted: datetime | None = None
    others: int = 0
    deflated: bool = False


class _Field(NamedTuple):
    """A form field with a response, and what was captured with it."""

    text: str
    url: object = None
    posted: datetime | None = None


def find(content: bytes) -> Capture:
    """The last response in what was captured: it is the one that went to Flex, after those between other parties.

    Raises `ProvisionerError` for anything in which there is none, and for one that is larger than any real one.
    """
    if len(content) > LARGEST_FILE:
        raise _unusable(f"it has more than {LARGEST_FILE // 1_000_000} MB", "export the requests of one login alone")
    text = _text(content)
    if text.startswith(("{", "[")):
        return _last(list(_in_json(text)))
    if text.startswith("<") and (fields := [_Field(html.unescape(found[1])) for found in _INPUT.finditer(text)]):
        return _last(fields)
    if _PAGE.match(text):
        raise _unusable("it is a web page", f"capture what the page posts: the field {_FIELD}")
    if not text.startswith("<") and f"{_FIELD}=" in text:
        return _last([_Field(value) for value in _in_form(text)])
    return _last([_Field(text)])


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding).strip()
    except UnicodeDecodeError:
        raise _unusable("it is not text", f"it takes {_KINDS}") from None
    if not text:
        raise _unusable("it is empty", f"it takes {_KINDS}")
    return text


def _last(fields: list[_Field]) -> Capture:
    if not fields:
        raise _unusable(f"there is no {_FIELD} in it", "start the capture before the login, and keep what is posted")
    text, url, posted = fields[-1]
    xml, deflated = _decoded(text)
    return Capture(xml, _address(url), posted, len(fields) - 1, deflated)


def _in_json(text: str) -> Iterator[_Field]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _unusable("it begins like JSON, and is none", f"it takes {_KINDS}") from None
    if isinstance(field := _at(data, _FIELD), str):
        yield _Field(field)
    if _is_masked(_list(_at(data, "log"), "entries")):
        raise _unusable(f"there is no {_FIELD} in it", _MASKED)
    for keys, read in _READERS:
        entries = _at(data, *keys)
        if isinstance(entries, list):
            for entry in entries:
                if isinstance(entry, dict):
                    yield from read(entry)


def _har(entry: dict[str, Any]) -> Iterator[_Field]:
    """An entry of a HAR 1.2: the form's fields stand under `params`, or as one text, or both."""
    post = _at(entry, "request", "postData")
    values = [_at(each, "value") for each in _list(post, "params") if _at(each, "name") == _FIELD]
    texts = [value for value in values if isinstance(value, str)]
    body = _at(post, "text")
    if not texts and isinstance(body, str):
        texts = list(_in_form(body))
    for text in texts:
        yield _Field(text, _at(entry, "request", "url"), _time(entry.get("startedDateTime")))


def _is_masked(entries: list[Any]) -> bool:
    """Whether forms were posted, and none of them is told: as Chrome saves a HAR by itself."""
    posts = [entry for entry in entries if _at(entry, "request", "method") == "POST"]
    return bool(posts) and not any(_at(post, "request", "postData") for post in posts)


def _tracer(entry: dict[str, Any]) -> Iterator[_Field]:
    """A request of a SAML-tracer export: pairs under `post`; the XML under `saml` stays where the pairs are masked."""
    pairs = [pair for pair in _list(entry, "post") if isinstance(pair, list) and len(pair) == 2]
    xml = entry.get("saml")
    for name, value in pairs:
        if name == _FIELD and isinstance(value, str):
            text = xml if isinstance(xml, str) and not _is_base64(value) else value
            yield _Field(text, entry.get("url"))


_READERS: tuple[tuple[tuple[str, ...], Callable[[dict[str, Any]], Iterator[_Field]]], ...] = (
    (("log", "entries"), _har),
    (("requests",), _tracer),
)


def _in_form(body: str) -> Iterator[str]:
    """The field's values in a form body, an address, or a command that posts one. They stay URL-encoded."""
    return (found[1] for found in _IN_FORM.finditer(body))


def _decoded(text: str) -> tuple[bytes, bool]:
    """The XML of a form field, and whether it was deflated, as in an address; it may be URL-encoded still."""
    text = text.strip()
    if text.startswith("<"):
        return _bounded(_DECLARATION.sub("", text).encode()), False
    content = _from_base64(text)
    if content.lstrip().startswith(b"<"):
        return _bounded(content), False
    return _bounded(_inflated(content)), True


def _from_base64(text: str) -> bytes:
    """Whatever the alphabet, folded or not, without its padding, cut off, or with blanks for plus signs."""
    text = unquote(text).translate(_ONE_ALPHABET)
    contents = [found for each in ("".join(text.split()), text.replace(" ", "+")) if (found := _bytes(each))]
    if not contents:
        raise _unusable("it is neither XML nor base64", f"it takes {_KINDS}")
    return next(filter(_is_text, contents), contents[0])


def _bytes(text: str) -> bytes:
    """What the base64 says, "" where it is none; of one that is cut off as much as there is."""
    digits = "".join(text.split()).rstrip("=")
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_text(content: bytes) -> bool:
    try:
        return bool(content.decode())
    except UnicodeDecodeError:
        return False


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, LARGEST_RESPONSE + 1)
    except zlib.error:
        raise _unusable("its base64 holds no XML", f"it takes {_KINDS}") from None


def _bounded(xml: bytes) -> bytes:
    if len(xml) > LARGEST_RESPONSE:
        raise _unusable("it is larger than 1 MB", "no identity provider sends such a response")
    return xml


def _unusable(why: str, hint: str) -> ProvisionerError:
    return ProvisionerError(f"no SAML response can be read from this: {why}", hint=hint)


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _list(data: Any, key: str) -> list[Any]:
    found = _at(data, key)
    return found if isinstance(found, list) else []


def _is_base64(text: str) -> bool:
    return len(_bytes(unquote(text).translate(_ONE_ALPHABET))) > 100


def _address(url: object) -> str:
    """The address without what may be secret in it: a password before the host, and its query but for `connection`."""
    try:
        parts = urlsplit(str(url))
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = f":{parts.port}" if parts.port else ""
        connection = parse_qs(parts.query, max_num_fields=100).get("connection", [""])[0]
    except ValueError:
        return ""
    query = f"?connection={connection}" if connection.isalnum() else ""
    return f"{parts.scheme}://{host}{port}{parts.path}{query}" if host else ""


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None
