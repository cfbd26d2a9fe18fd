"""Turns what went wrong into words on stderr (or JSON on stdout) and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from provisioner.core.text import visible
from provisioner.errors import Interrupted, InvalidPlan, ProvisionerError, Refused, UsageError

# From the worst to the best; several plans end with the worst. An error that may pass comes before a mistake in a file:
# whoever starts runs again looks at the code, and one bad plan must not keep the others from a second try.
SEVERITY = (130, 143, 1, 64, 65, 5, 3, 4, 2, 0)

PROGRAM = Path(__file__).parent.parent
BUG = "this is a mistake in provisioner: please report it, with what -v adds"


def guarded(run: Callable[[], object], arguments: Sequence[str]) -> int:
    """Runs, and returns the exit code; nothing that went wrong leaves as an exception."""
    try:
        return _ended(run, arguments)
    except OSError as error:
        # Not even the error could be told on stdout.
        click.echo(f"Error: {system_words(error)}", err=True)
        return 1


def _ended(run: Callable[[], object], arguments: Sequence[str]) -> int:
    try:
        code = run()
        return code if isinstance(code, int) else 0
    except (Exception, KeyboardInterrupt) as error:
        problem = told(error)
        report(problem, as_json=_wants_json(arguments))
        if problem.hint == BUG and {"-v", "--verbose"} & set(arguments):
            click.echo(_frames(error), err=True)
        return problem.exit_code


def told(error: BaseException) -> ProvisionerError:
    """Whatever was raised, as an error for people."""
    if isinstance(error, ProvisionerError):
        return error
    if isinstance(error, click.UsageError):
        hint = f"see {error.ctx.command_path} --help" if error.ctx else ""
        return UsageError(error.format_message(), hint=hint)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return Interrupted("interrupted", signal_number=2, hint="it is safe to run the same command again")
    if isinstance(error, OSError):
        return ProvisionerError(system_words(error))
    # The place, not the text of the exception: nobody has checked it for secrets.
    return ProvisionerError(f"internal error ({type(error).__name__}) at {_place(error)}", hint=BUG)


def system_words(error: OSError) -> str:
    """The system's own words, with the file where there is one."""
    if not error.strerror:
        return str(error)
    return f"{error.filename or 'reading or writing failed'}: {error.strerror}"


def report(error: ProvisionerError, *, as_json: bool, to_stdout: bool = False) -> None:
    """Says what happened, where, and what to do next."""
    if as_json:
        from provisioner.render import as_json as form

        form.write(form.error(error), sys.stdout)
        return
    for line in lines(error):
        click.echo(line, err=not to_stdout)


def lines(error: ProvisionerError) -> list[str]:
    """The error in words: every problem of a plan on a line of its own, else the message and the hint."""
    return [visible(line) for line in _lines(error)]


def _lines(error: ProvisionerError) -> list[str]:
    if isinstance(error, InvalidPlan):
        return [str(problem) for problem in error.problems]
    if isinstance(error, Refused):
        return [f"Refused: {r.message}  ({r.code})" for r in error.refusals]
    return [f"Error: {error.message}", *([f"  {error.hint}"] if error.hint else [])]


def worst(codes: Sequence[int]) -> int:
    """The exit code of several plans."""
    return min(codes, key=SEVERITY.index, default=0)


def _place(error: BaseException) -> str:
    """The last line of this program that was under way."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(PROGRAM)]
    return next((f"{frame.filename}:{frame.lineno}" for frame in reversed(own or frames)), "an unknown place")


def _frames(error: BaseException) -> str:
    """The lines of code that led there, without any value."""
    import traceback

    return "".join(traceback.format_tb(error.__traceback__))


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--format json` was asked for; the options may not have been read when the error came."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any((flag == "--format" and value == "json") or flag == "--format=json" for flag, value in pairs)
