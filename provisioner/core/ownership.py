"""The ownership mark that a plan leaves in its tenant: who manages a thing, and what was last applied to it. Pure.

It is one line of a free text that the vendor keeps for administrators; their own lines around it, and what they write
behind it, stay as they are.
There is no state file: this mark is all that tells drift from a change that waits to be applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# The field in which the owner shows up in a diff.
OWNER = "managed_by"

_APPLIED = r"(?P<digest>[0-9a-f]{16})(?: on (?P<since>[0-9]{4}-[0-9]{2}-[0-9]{2}))?"
_LINE = re.compile(
    r"^managed by provisioner, plan (?P<plan>[a-z0-9][a-z0-9-]*)"
    rf"(?:, applied {_APPLIED})?(?:, certificate (?P<certificate>[0-9a-f]{{16}}))?(?!\S)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """`plan` owns the thing; `digest` is that of the desired state at the last complete apply, "" before the first.

    `since` is the day, by UTC, on which an apply first brought the tenant to just this desired state, as YYYY-MM-DD;
    `certificate` how the fingerprint of the signing certificate begins that was handed out last, in 16 digits. Either
    is "" where it is not known.
    """

    plan: str
    digest: str = ""
    since: str = ""
    certificate: str = ""

    def __str__(self) -> str:
        applied = f", applied {self.applied}" if self.digest else ""
        certificate = f", certificate {self.certificate}" if self.certificate else ""
        return f"managed by provisioner, plan {self.plan}{applied}{certificate}"

    @property
    def applied(self) -> str:
        """What was applied, and since when: `DIGEST on DAY`, `DIGEST`, or ""."""
        return f"{self.digest} on {self.since}" if self.since else self.digest


NO_MARK = Mark("")


def read(text: str | None) -> Mark | None:
    """The mark in a text, None where there is none."""
    found = _LINE.search(text or "")
    return Mark(**{name: part or "" for name, part in found.groupdict().items()}) if found else None


def read_applied(text: str) -> tuple[str, str]:
    """Digest and day of what `Mark.applied` wrote, "" for what is not there; anything else was never applied."""
    found = re.fullmatch(_APPLIED, text)
    return (found["digest"], found["since"] or "") if found else ("", "")


def is_overtaken(seen: Mark, now: Mark | None, goal: Mark) -> bool:
    """Whether somebody recorded something else than what was `seen` since, and not this `goal` either."""
    return now is not None and now.digest not in (seen.digest, goal.digest)


def write(text: str | None, mark: Mark) -> str:
    """The text with this mark in it: in place of the former one, else as a last line."""
    text = text or ""
    if _LINE.search(text):
        return _LINE.sub(str(mark), text, count=1)
    return f"{text.rstrip()}\n{mark}" if text.strip() else str(mark)
