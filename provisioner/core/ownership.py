"""The ownership mark that a plan leaves in its tenant: who manages a thing, and what was last applied to it. Pure.

It is one line of a free text that the vendor keeps for administrators; their own lines around it stay as they are.
There is no state file: this mark is all that tells drift from a change that waits to be applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# The field in which the owner shows up in a diff.
OWNER = "managed_by"

_LINE = re.compile(
    r"^managed by provisioner, plan (?P<plan>[a-z0-9][a-z0-9-]*)"
    r"(?:, applied (?P<digest>[0-9a-f]{16}))?(?:, certificate (?P<certificate>[0-9a-f]{16}))?$",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """`plan` owns the thing; `digest` is that of the desired state at the last complete apply, "" before the first.

    `certificate` is how the fingerprint of the signing certificate begins that was handed out last, in 16 digits, ""
    where none is known.
    """

    plan: str
    digest: str = ""
    certificate: str = ""

    def __str__(self) -> str:
        applied = f", applied {self.digest}" if self.digest else ""
        certificate = f", certificate {self.certificate}" if self.certificate else ""
        return f"managed by provisioner, plan {self.plan}{applied}{certificate}"


def read(text: str | None) -> Mark | None:
    """The mark in a text, None where there is none."""
    found = _LINE.search(text or "")
    return Mark(found["plan"], found["digest"] or "", found["certificate"] or "") if found else None


def write(text: str | None, mark: Mark) -> str:
    """The text with this mark in it: in place of the former one, else as a last line."""
    text = text or ""
    if _LINE.search(text):
        return _LINE.sub(str(mark), text, count=1)
    return f"{text.rstrip()}\n{mark}" if text.strip() else str(mark)
