"""Who is told of drift, when, and what becomes of a check that could tell nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from provisioner.adapters.http import webhook
from provisioner.cli import reports
from provisioner.sandbox import Store, create_app
from provisioner.sandbox.serve import background
from tests.cli.conftest import Ran, Run
from tests.cli.test_drift import audience, edit
from tests.cli.webhook import SECRET, Hook, hooking


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooking() as hook:
        yield hook


@pytest.fixture
def nightly(run: Run, hook: Hook) -> Iterator[Any]:
    """What a schedule runs every night, on a plan that was applied."""
    run("apply", "okta.yaml")

    def nightly(*more: str) -> Ran:
        return run("drift", "okta.yaml", "--notify", hook.url, "--since", "r.json", "--report", "json=r.json", *more)

    return nightly


def changed(hook: Hook) -> list[list[tuple[str | None, str]]]:
    """Of each message the plans in it, as they were and as they are."""
    return [[(each["was"], each["status"]) for each in body["changed"]] for body in hook.got]


def test_what_changed_is_told_once(nightly: Any, hook: Hook) -> None:
    """In sync: nothing. Drift: told, and not again. Other drift: told. Repaired: told."""
    codes = [nightly().code]
    audience("urn:flex:other")
    codes += [nightly().code, nightly().code]
    audience("urn:flex:third")
    codes += [nightly().code]
    audience("urn:flex:JQ0123456789abcdef0123456789abcdef")
    codes += [nightly().code, nightly().code]

    assert codes == [0, 2, 2, 2, 0, 0]
    assert changed(hook) == [[("in_sync", "drifted")], [("drifted", "drifted")], [("drifted", "in_sync")]]
    assert hook.got[0]["text"] == (
        "Flex sign-on: 1 plan changed. 1 plan: 1 drifted.\n"
        "• acme-okta (sandbox): 1 drifted (application:Twilio Flex audience), was in sync"
    )


def test_what_nobody_could_be_told_is_told_the_next_time(nightly: Any, hook: Hook) -> None:
    """A state counts as known only once it arrived."""
    audience("urn:flex:other")
    hook.answers = [404]
    failed = nightly()
    hook.answers = [200]
    nightly()
    nightly()

    assert failed.code == 1
    assert changed(hook) == [[(None, "drifted")]] * 2


def test_without_an_earlier_report_all_that_is_wrong_is_told(run: Run, hook: Hook) -> None:
    """Every time, because nothing says what is known."""
    for _ in range(2):
        assert run("drift", "okta.yaml", "nowhere.yaml", "--notify", hook.url).code == 64

    assert changed(hook) == [[(None, "error"), (None, "pending")]] * 2


def test_an_earlier_report_that_is_spoilt_is_an_error_and_keeps_nothing_back(nightly: Any, hook: Hook) -> None:
    """It is told, and the report that this run writes is good again."""
    Path("r.json").write_text('{"plans": 7}', encoding="utf-8")

    assert "--since: r.json is no JSON report" in (ran := nightly()).err
    assert (ran.code, nightly().code) == (1, 0)


def test_an_earlier_report_without_end_is_given_up(run: Run, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read no further than any report goes."""
    monkeypatch.setattr(reports, "LARGEST", 1000)

    ran = run("drift", "okta.yaml", "--notify", hook.url, "--since", "/dev/zero")

    assert ran.code == 1
    assert "--since: /dev/zero is no JSON report" in ran.err
    assert run("report", "merge", "/dev/zero", "--report", "text=x").code == 1
    assert changed(hook) == [[(None, "pending")]]


def test_a_plan_that_became_invalid_is_the_same_plan(nightly: Any, hook: Hook) -> None:
    """That it is in sync again is news as well."""
    edit("okta.yaml", "type: okta", "type: oktopus")
    nightly()
    edit("okta.yaml", "type: oktopus", "type: okta")
    nightly()

    assert changed(hook) == [[(None, "error")], [("error", "in_sync")]]


FAILURES = {
    "refuses": ([403], "answered 403"),
    "is out of order": ([500], "answered 500"),
    "redirects": ([302], "redirects to elsewhere.example"),
    "hangs": ([0], "did not take it in 0 s"),
}


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.parametrize("flag", ["--notify", "--heartbeat"])
def test_a_message_that_does_not_arrive_is_an_error(
    run: Run, hook: Hook, case: str, flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 in words of its own; what the check found is told all the same."""
    monkeypatch.setattr(webhook, "GIVE_UP_AFTER", 0.4 if case == "hangs" else 20)
    hook.answers, words = FAILURES[case]

    ran = run("drift", "okta.yaml", flag, hook.url)
    told = run("drift", "okta.yaml", flag, hook.url, "--format", "json")

    assert (ran.code, told.code) == (1, 1)
    assert f"{flag} did not arrive" in ran.err
    assert words in ran.err
    assert "acme-okta → sandbox   pending" in ran.out
    assert told.json["plans"][0]["status"] == "pending"
    assert [failure["type"] for failure in told.json["failures"]] == ["not_notified"]


def test_a_webhook_that_stumbles_is_asked_again(run: Run, hook: Hook) -> None:
    """A few times, and no more than that."""
    hook.answers = [503, 429, 200]
    assert run("drift", "okta.yaml", "--notify", hook.url).code == 2
    assert len(hook.got) == 3

    hook.answers = [500]
    run("drift", "okta.yaml", "--notify", hook.url)
    assert len(hook.got) <= 3 + 6


def test_an_untrusted_certificate_is_not_accepted(run: Run, tmp_path: Path) -> None:
    """Whoever stands in between would learn the address, which is a credential."""
    with closing(Store(None)) as store, background(create_app(store), tls_home=tmp_path) as addresses:
        ran = run("drift", "okta.yaml", "--notify", f"{addresses.origin}/{SECRET}")

    assert ran.code == 1
    assert "is not trusted" in ran.err


def test_an_address_that_nobody_can_have_hides_no_result(run: Run) -> None:
    """It looks like one, and no name system takes it."""
    ran = run("drift", "okta.yaml", "--notify", "https://\u00e4..example/secret")

    assert ran.code == 1
    assert "--notify did not arrive: no host can have this address" in ran.err
    assert "secret" not in ran.err
    assert "acme-okta \u2192 sandbox   pending" in ran.out


def test_a_sign_of_life_comes_every_time(nightly: Any, run: Run, hook: Hook) -> None:
    """Also when all is well; only a check that could not tell what it found keeps it back."""
    for _ in range(2):
        run("drift", "okta.yaml", "--heartbeat", hook.url)
    assert [body["text"] for body in hook.got] == ["Flex sign-on: 1 plan: 1 in sync."] * 2

    run("drift", "okta.yaml", "--heartbeat", hook.url, "--report", "text=/dev/full")
    assert len(hook.got) == 2


def test_the_address_is_a_secret(
    run: Run, hook: Hook, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment it goes to the webhook and nowhere else, at any verbosity and however it ends."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HOOK", hook.url)
    flags = ("--notify", "env:HOOK", "--heartbeat", "env:HOOK", "-v", "--report", "json=r.json")
    seen = ""
    for answers in ([200], [500], [404], [302]):
        hook.answers = answers
        ran = run("drift", "okta.yaml", *flags)
        seen += ran.out + ran.err + Path("r.json").read_text(encoding="utf-8")

    assert hook.paths == {f"/services/{SECRET}"}
    assert SECRET not in seen + caplog.text


def test_no_plan_shows_the_address(run: Run, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a plan does not get it into a report, however harmless the name of the variable is."""
    monkeypatch.setenv("CHANNEL", hook.url)
    edit("okta.yaml", "label: Twilio Flex", "label: Flex ${env.CHANNEL}")

    shown = run("drift", "okta.yaml", "--format", "json")
    hidden = run("drift", "okta.yaml", "--format", "json", "--notify", "env:CHANNEL")

    assert (shown.code, hidden.code) == (2, 65)
    assert SECRET in shown.out
    assert SECRET not in hidden.out


@pytest.mark.parametrize(
    "flags",
    [
        ("--notify", "env:NOWHERE"),
        ("--notify", "http://hooks.example.com/secret"),
        ("--heartbeat", "https://user:secret@hooks.example.com"),
        ("--heartbeat", "secret"),
        ("--since", "r.json"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_the_check(run: Run, flags: tuple[str, str]) -> None:
    """With the flag, without the address."""
    ran = run("drift", "okta.yaml", *flags)

    assert ran.code == 64
    assert flags[0] in ran.err
    assert "secret" not in ran.err
    assert ran.out == ""


def test_nobody_is_named_unless_asked(run: Run, hook: Hook) -> None:
    """Messages stay for years where they arrive."""
    run("apply", "okta.yaml")
    audience("ana@acme.example")
    run("drift", "okta.yaml", "--notify", hook.url, "--heartbeat", hook.url)

    assert len(hook.got) == 2
    assert "ana@" not in json.dumps(hook.got)
