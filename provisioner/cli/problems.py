"""Turns what went wrong into words on stderr (or JSON on stdout) and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from provisioner.errors import InvalidPlan, ProvisionerError, Refused, VendorError

# From the worst to the best; several plans end with the worst.
SEVERITY = (130, 143, 64, 65, 1, 5, 3, 4, 2, 0)


def guarded(run: Callable[[], object], arguments: Sequence[str]) -> int:
    """Runs, and returns the exit code; nothing that went wrong leaves as an exception."""
    try:
        code = run()
        return code if isinstance(code, int) else 0
    except ProvisionerError as error:
        report(error, as_json=_wants_json(arguments))
        return error.exit_code
    except click.ClickException as error:
        _usage(error)
        return 64
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted; nothing was sent")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        _bug(error, verbose="-v" in arguments)
        return 1


def report(error: ProvisionerError, *, as_json: bool) -> None:
    """Says what happened, where, and what to do next."""
    if as_json:
        from provisioner.render import as_json as form

        click.echo(form.dump(form.error(error)))
        return
    for line in lines(error):
        click.echo(line, err=True)


def lines(error: ProvisionerError) -> list[str]:
    """The error in words: every problem of a plan on a line of its own, else the message, the vendor's id, the hint."""
    if isinstance(error, InvalidPlan):
        return [str(problem) for problem in error.problems]
    if isinstance(error, Refused):
        return [f"Refused: {r.message}  ({r.code}; --allow {r.code} lets it pass)" for r in error.refusals]
    vendor = [f"  {_case(error)}"] if isinstance(error, VendorError) else []
    return [f"Error: {error.message}", *vendor, *([f"  {error.hint}"] if error.hint else [])]


def worst(codes: Sequence[int]) -> int:
    """The exit code of several plans."""
    return min(codes, key=SEVERITY.index, default=0)


def _case(error: VendorError) -> str:
    facts = [f"status {error.status}", error.code, f"request {error.request_id}" if error.request_id else ""]
    return ", ".join(fact for fact in facts if fact)


def _usage(error: click.ClickException) -> None:
    if isinstance(error, click.UsageError) and error.ctx:
        click.echo(error.ctx.get_usage(), err=True)
    _say(f"Error: {error.format_message()}")


def _bug(error: Exception, *, verbose: bool) -> None:
    """Names the place, not the text of the exception: nobody has checked it for secrets."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown place"
    _say(f"Error: internal error ({type(error).__name__}) at {place}")
    _say("  This is a mistake in provisioner. Please report it, with what -v adds.")
    if verbose:
        _say("".join(traceback.format_list(frames)))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--format json` was asked for; the options may not have been read when the error came."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any((flag == "--format" and value == "json") or flag == "--format=json" for flag, value in pairs)
