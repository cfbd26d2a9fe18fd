"""Whether a response came in its time, and how long its session lasts."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from provisioner.core.finding import Finding
from provisioner.core.text import shortened
from provisioner.flex.response.checks import bearer
from provisioner.flex.response.codes import finding
from provisioner.flex.response.contents import Contents
from provisioner.flex.response.document import Element, first, moment

# What both of Flex's libraries grant to clocks that disagree.
SKEW = timedelta(minutes=3)
_SHORT = timedelta(hours=1)
_MANY_SECONDS = 120


class Reference(NamedTuple):
    """The time against which a response is judged, and what that time is, in words."""

    time: datetime
    words: str


def reference(said: Contents, at: datetime | None, posted: datetime | None) -> Reference | None:
    """`at` where it is given, else when the browser posted it, else when it was issued: a capture is old by nature."""
    if at:
        return Reference(at, f"{stamp(at)}, the time that --at gives")
    if posted:
        return Reference(posted, f"{stamp(posted)}, when it was posted")
    issued = _time(said.issued)
    return Reference(issued, f"{stamp(issued)}, when it was issued") if issued else None


def times(said: Contents, judged: Reference | None, now: datetime) -> Iterator[Finding]:
    """Every time in the response, held against the reference; the issue instant against now, too."""
    issued = yield from _read("IssueInstant of the response", said.response, "IssueInstant", required=True)
    latest = min(judged.time, now) if judged else now
    if issued and issued > latest + SKEW:
        words = judged.words if judged and judged.time < now else f"{stamp(now)}, now"
        yield finding("FLEX377", "times", limit=stamp(issued), offset=length(issued - latest), reference=words)
    if said.assertion is None:
        return
    conditions = first(said.assertion, "saml:Conditions")
    if conditions is None:
        yield finding("FLEX378", "times", what="element Conditions in the assertion")
    else:
        yield from _window("assertion", conditions, judged)
    data = bearer(said.assertion)
    if data is not None:
        yield from _window("subject confirmation", data, judged, ends=True)
    yield from _session(said.assertion, issued)


def _window(name: str, element: Element, judged: Reference | None, *, ends: bool = False) -> Iterator[Finding]:
    begin = yield from _read(f"NotBefore of the {name}", element, "NotBefore")
    end = yield from _read(f"NotOnOrAfter of the {name}", element, "NotOnOrAfter", required=ends)
    if judged and begin and begin > judged.time + SKEW:
        words = {"limit": stamp(begin), "offset": length(begin - judged.time), "reference": judged.words}
        yield finding("FLEX375", "times", **words)
    if judged and end and end <= judged.time - SKEW:
        words = {"limit": stamp(end), "offset": length(judged.time - end), "reference": judged.words}
        yield finding("FLEX376", "times", **words)


def _session(assertion: Element, issued: datetime | None) -> Iterator[Finding]:
    """Twilio guide "SSO configuration": over an hour, better 8 to 10; best none at all."""
    statement = first(assertion, "saml:AuthnStatement")
    if statement is None:
        return
    end = yield from _read("SessionNotOnOrAfter", statement, "SessionNotOnOrAfter")
    if not end or not issued:
        return
    if end <= issued:
        yield finding("FLEX381", "times", offset=length(issued - end))
    elif end - issued < _SHORT:
        yield finding("FLEX380", "times", offset=length(end - issued))


def _read(
    what: str, element: Element, name: str, *, required: bool = False
) -> Generator[Finding, None, datetime | None]:
    """Returns the time of that name, None where there is none; tells of one that is unreadable or missing."""
    text = element.get(name)
    if text is None and required:
        yield finding("FLEX378", "times", what=what)
    found = _time(text)
    if text is not None and found is None:
        yield finding("FLEX379", "times", what=what, text=shortened(text))
    return found


def _time(text: str | None) -> datetime | None:
    try:
        return moment(text)
    except (ValueError, OverflowError):
        return None


def stamp(time: datetime) -> str:
    """A time as people compare it: UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def length(span: timedelta) -> str:
    """`45 s`, `3,725 s (1 h 2 min)`: the seconds, and where there are many the two largest units."""
    seconds = round(span.total_seconds())
    if seconds < _MANY_SECONDS:
        return f"{seconds} s"
    rest, parts = seconds, []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,} {unit}")
    return f"{seconds:,} s ({' '.join(parts[:2])})"
