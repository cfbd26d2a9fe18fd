"""`--notify` and `--heartbeat` of a drift check: who is told of what changed, and that the check still runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import click

from provisioner.cli import reports
from provisioner.cli.options import Once
from provisioner.cli.problems import system_words, told
from provisioner.errors import NotNotified, ProvisionerError, UsageError

if TYPE_CHECKING:
    from provisioner.render.drift import DriftReport

F = TypeVar("F", bound=Callable[..., Any])

# They take a text and nothing beside it.
CHATS = {"hooks.slack.com", "hooks.slack-gov.com", "chat.googleapis.com"}
WHERE = "URL|env:NAME"


class Channels(NamedTuple):
    """Where to: addresses, "" for none; `since` is the earlier report, which says what is known already."""

    notify: str
    heartbeat: str
    since: Path | None


def options(function: F) -> F:
    """The flags `--notify`, `--since` and `--heartbeat`."""
    for option in (
        click.option(
            "--heartbeat", cls=Once, metavar=WHERE, help="POST a sign of life there after every run that told all."
        ),
        click.option(
            "--since",
            cls=Once,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The JSON report of the run before; --notify then tells what changed alone.",
        ),
        click.option(
            "--notify", cls=Once, metavar=WHERE, help="POST there what is wrong, or with --since what changed."
        ),
    ):
        function = option(function)
    return function


def channels(notify: str | None, heartbeat: str | None, since: Path | None, environ: Mapping[str, str]) -> Channels:
    """Reads the flags. Raises `UsageError`, in which no address stands: an address may be a credential."""
    if since and notify is None:
        raise UsageError("--since says what --notify need not tell again; there is no --notify")
    return Channels(_address("--notify", notify, environ), _address("--heartbeat", heartbeat, environ), since)


def unseen(environ: Mapping[str, str], given: Iterable[object]) -> dict[str, str]:
    """The environment for plans: without what the flags take from it, so that no plan can show such an address."""
    taken = {str(each).removeprefix("env:") for each in given if str(each).startswith("env:")}
    return {name: value for name, value in environ.items() if name not in taken}


def changes(report: DriftReport, to: Channels) -> tuple[DriftReport, list[ProvisionerError]]:
    """Tells what changed; gives back the report with note of what is known now, for the next run's `--since`."""
    from provisioner.render import notification

    if not to.notify:
        return report, []
    known, failures = _known(to.since, report)
    news = notification.news(report, known)
    untold = _sent("--notify", to.notify, notification.message(report, news)) if news else []
    return notification.still(report, known) if untold else notification.told(report), failures + untold


def heartbeat(report: DriftReport, to: Channels) -> list[ProvisionerError]:
    """Says that the check came to its end, whatever it found."""
    from provisioner.render import notification

    return _sent("--heartbeat", to.heartbeat, notification.pulse(report)) if to.heartbeat else []


def _address(flag: str, given: str | None, environ: Mapping[str, str]) -> str:
    if given is None:
        return ""
    if not given:
        raise UsageError(f"{flag} has no address", hint="if it came from a variable, that is not set; env:NAME says so")
    name = given.removeprefix("env:")
    if name != given and not environ.get(name):
        raise UsageError(f"{flag} {given}: there is no {name} in the environment, or nothing in it")
    url = environ[name] if name != given else given
    if url and not _is_safe(url):
        raise UsageError(f"{flag}: not an address that messages can be sent to", hint="it begins with https://")
    return url


def _is_safe(url: str) -> bool:
    """Whether nobody on the way can read what is sent, as for the addresses of plans."""
    from provisioner.planfile.tenant import is_loopback

    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    return bool(host) and encrypted and parts.username is None and url.isprintable() and " " not in url


def _known(since: Path | None, now: DriftReport) -> tuple[dict[str, str], list[ProvisionerError]]:
    """What the earlier report says is known. There is none before the first run; one that is spoilt is an error."""
    from provisioner.render import notification

    if since is None:
        return {}, []
    try:
        return notification.known_of(reports.earlier(since), now), []
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        words = system_words(error)
    except ValueError:
        words = f"{since} is no JSON report of a drift check"
    return {}, [ProvisionerError(f"--since: {words}", hint="what is wrong was told as if there were none")]


def _sent(flag: str, url: str, body: Mapping[str, Any]) -> list[ProvisionerError]:
    from provisioner.adapters.http import Network, webhook
    from provisioner.cli.session import run

    fitting = {"text": body["text"]} if urlsplit(url).hostname in CHATS else body
    try:
        run(webhook.post(Network(), url, fitting))
    except Exception as error:
        # Whatever it is: the result of the check is still to be told.
        hint = f"see that the address of {flag} is right and takes a POST; the result of the check stands"
        return [NotNotified(f"{flag} did not arrive: {told(error).message}", hint=hint)]
    return []
