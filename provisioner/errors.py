"""Every error that a user can meet, and the exit code that tells a script which one it was.

ProvisionerError             1   something failed; the message says what and where, the hint what to do
├── UsageError              64   the command line asks for something that cannot be
├── InvalidPlan             65   the plan file does not say what it must; carries every problem at once
├── CredentialsError         1   missing, refused, or not allowed to do what the plan needs
│   └── MissingScope         1   ... and the vendor told which permission is missing
├── NetworkError             1   no usable answer: name, connection, TLS, time-out
│   └── AnswerLost           1   a write was sent and its answer never came: it may have happened
├── VendorError              1   the vendor answered, and refused
│   ├── NotFound             1   ... because there is no such thing
│   └── Overtaken            1   another run of the plan created the same at the same time, and was first
├── RunRecordError           1   the run record cannot be written, so nothing (more) is done
├── Locked                   1   another apply of the plan is at work on this machine; nothing was sent
├── ReportNotWritten         1   a file of --report cannot be written; the result itself stands
├── NotNotified              1   nobody could be told of the result; the result itself stands
├── Refused                  3   a guard, a protection or ownership stands in the way; nothing was sent
├── Unexpected               4   the change set is not the one that was reviewed; nothing was sent
├── Incomplete               5   some changes were made, some were not; running apply again continues
└── Interrupted        130/143   the same, because the user or the system asked to stop
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class Problem(NamedTuple):
    """One thing wrong with a plan file or a user file. Lines and columns count from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class Refusal(NamedTuple):
    """One reason not to go on: a stable code that `--allow` takes, and the addresses concerned."""

    code: str
    message: str
    addresses: tuple[str, ...] = ()


class ProvisionerError(Exception):
    """Base of all; `kind` is its name in JSON output.

    Where a vendor's answer led here, its status, its own code and its request id are kept for a support case.
    """

    kind: ClassVar[str] = "error"
    exit_code: int = 1

    def __init__(self, message: str, *, hint: str = "", status: int = 0, code: str = "", request_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
        self.code = code
        self.request_id = request_id


class UsageError(ProvisionerError):
    """The command line cannot be carried out as written."""

    kind = "usage"
    exit_code = 64


class InvalidPlan(ProvisionerError):
    """A plan file is not valid; `problems` holds all that was found, in the order of the file."""

    kind = "invalid_plan"
    exit_code = 65

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = f"{len(problems)} errors" if len(problems) != 1 else "1 error"
        super().__init__(f"{problems[0].file if problems else 'plan'}: {count}")
        self.problems = tuple(problems)


class CredentialsError(ProvisionerError):
    """Credentials are missing, refused, or do not suffice."""

    kind = "credentials"


class NetworkError(ProvisionerError):
    """No usable answer came: name resolution, connection, TLS, time-out, not what an API sends."""

    kind = "network"


class AnswerLost(NetworkError):
    """A write that must not be repeated blindly was sent, and its answer never came."""

    kind = "answer_lost"


class VendorError(ProvisionerError):
    """The vendor answered with an error."""

    kind = "vendor"


class NotFound(VendorError):
    """The vendor says that there is no such object."""

    kind = "not_found"


# What became of the changes of a run that another one overtook.
OVERTAKEN = "of what both changed, the last word stands"


class Overtaken(VendorError):
    """Another run of the plan was at work at the same time, and was first; `beside` says what became of ours."""

    kind = "overtaken"

    def __init__(self, plan: str, beside: str) -> None:
        super().__init__(
            f"another run is applying the plan {plan} at the same time, and was first; {beside}",
            status=409,
            hint="wait for the other run to end, then look at the diff again",
        )


class MissingScope(CredentialsError):
    """The credentials are right but lack a permission; `scope` names it where the vendor told."""

    kind = "missing_scope"

    def __init__(self, message: str, *, scope: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.scope = scope


class RunRecordError(ProvisionerError):
    """The run record cannot be written (disk full, no permission)."""

    kind = "run_record"


class Locked(ProvisionerError):
    """Another process on this machine is applying the same plan. Nothing was sent."""

    kind = "locked"


class ReportNotWritten(ProvisionerError):
    """A report cannot be written; what it would have told is told otherwise."""

    kind = "report_not_written"


class NotNotified(ProvisionerError):
    """A notification or a heartbeat did not arrive."""

    kind = "not_notified"


class Refused(ProvisionerError):
    """Guards or ownership refuse the change set. Nothing was sent."""

    kind = "refused"
    exit_code = 3

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(r.message for r in refusals), hint="nothing was sent")
        self.refusals = tuple(refusals)


class Unexpected(ProvisionerError):
    """The change set differs from the one that `--expect` names. Nothing was sent."""

    kind = "unexpected_change_set"
    exit_code = 4


class Incomplete(ProvisionerError):
    """An apply stopped half-way; the run record tells what was done."""

    kind = "incomplete"
    exit_code = 5


class Interrupted(ProvisionerError):
    """A signal asked to stop; what was in flight was finished and recorded."""

    kind = "interrupted"

    def __init__(self, message: str, *, signal_number: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.exit_code = 128 + signal_number
