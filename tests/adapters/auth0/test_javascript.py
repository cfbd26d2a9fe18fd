"""Other people's code in an engine of its own: what it may see, what it may use up, and what is told of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from provisioner.adapters.auth0 import action_code
from provisioner.adapters.auth0.assertion import Flow, Step
from provisioner.adapters.auth0.javascript import Outcome, Program
from tests.adapters.auth0.tenant import a_plan

USER: dict[str, Any] = {
    "email": "ana@acme.example",
    "name": "Ana Diaz",
    "nickname": None,
    "app_metadata": {"flex": {"roles": ["admin", "owner"]}},
}
EVENT: dict[str, Any] = {
    "client": {"client_id": "c1", "name": "Twilio Flex", "metadata": {"provisioner_plan": "acme-auth0"}},
    "connection": {"id": "con_1", "name": "db", "strategy": "auth0"},
    "transaction": {"protocol": "samlp"},
}
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


def program(body: str) -> Program:
    return Program("theirs", f"exports.onExecutePostLogin = async (event, api) => {{ {body} }};")


def run(body: str) -> Outcome:
    return program(body).run(json.dumps({**EVENT, "user": USER}))


def test_what_is_set_is_told_in_its_order() -> None:
    """Texts as they would stand in the assertion, and settings as they are."""
    body = """
      api.samlResponse.setAttribute("a", ["x", 1, true]);
      api.samlResponse.setAttribute("b", null).samlResponse.setAttribute("c", undefined);
      api.samlResponse.setNameIdentifierProbes(["urn:x"]);
    """

    assert run(body).calls == (
        ("setAttribute", "a", ["x", "1", "true"]),
        ("setAttribute", "b", ["null"]),
        ("setAttribute", "c", None),
        ("setNameIdentifierProbes", ["urn:x"]),
    )


def test_the_generated_action_runs() -> None:
    """Roles that Flex does not know are left out, and so is what the person lacks."""
    generated = Program("ours", action_code.code(a_plan()))

    outcome = generated.run(json.dumps({**EVENT, "user": {**USER, "picture": None}}))

    assert outcome == Outcome(
        (
            ("setAttribute", "roles", ["admin"]),
            ("setAttribute", "email", ["ana@acme.example"]),
            ("setAttribute", "full_name", ["Ana Diaz"]),
        )
    )


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("event.secrets.KEY", "event.secrets.KEY"),
        ("event.request.ip", "event.request.ip"),
        ("event.stats?.logins_count", "event.stats.logins_count"),
        ("if (event.organization) return", "event.organization"),
        ("event.user.last_ip", "event.user.last_ip"),
        ("Object.keys(event.user)", "event.user"),
        ("const all = { ...event }", "event"),
        ('require("axios")', "the package axios"),
        ('await fetch("https://example.com")', "fetch"),
        ('try { fetch("https://example.com") } catch {}', "fetch"),
        ("process.env.HOME", "process.env"),
        ("setTimeout(() => 1, 1)", "setTimeout"),
        ('new URL("https://example.com")', "URL"),
        ('api.redirect.sendUserTo("https://example.com")', "api.redirect"),
        ("api.samlResponse.somethingNew(1)", "api.samlResponse.somethingNew"),
        ('api.samlResponse.setAttribute("a", { b: 1 })', "such a value of a"),
        ("await new Promise(() => {})", "what it waits for"),
    ],
)
def test_what_is_not_known_here_is_named(body: str, missing: str) -> None:
    """Even where the code goes on without it."""
    assert run(body).missing == missing


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('throw new Error("closed")', "closed"),
        ("event.user.app_metadata.crm.id", "cannot read property 'id' of undefined"),
        ("nothing.at.all", "nothing is not defined"),
        ("const f = () => f() + 1; f()", "Maximum call stack size exceeded"),
        ('throw "x".repeat(1e6)', "x" * 200 + "…"),
    ],
)
def test_how_an_action_fails_is_told(body: str, error: str) -> None:
    """In the engine's words, and not at length."""
    assert run(body).error == error


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("while (true);", "more time than 1 s"),
        ("while (true) await null;", "more time than 1 s"),
        ("/^(a+)+$/.test('a'.repeat(40) + 'b')", "more time than 1 s"),
        ("new Uint8Array(100 * 2 ** 20)", "more memory than 64 MB"),
        ("const all = []; while (true) all.push(new Array(1e5).fill(0))", "more memory than 64 MB"),
    ],
)
def test_time_and_memory_end(body: str, missing: str) -> None:
    """What used them up is not run again for the next person."""
    theirs = program(body)
    event = json.dumps({**EVENT, "user": USER})

    first = theirs.run(event)
    began = time.process_time()

    assert (first.missing, theirs.run(event).missing) == (missing, missing)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "code",
    [
        'const axios = require("axios"); exports.onExecutePostLogin = async () => {};',
        "while (true);",
        "this is no code",
        "}); (() => {",
    ],
)
def test_code_that_is_no_action_is_told(code: str) -> None:
    """And harms nobody."""
    outcome = Program("theirs", code).run(json.dumps({**EVENT, "user": USER}))

    assert outcome.missing or outcome.error == "it exports no onExecutePostLogin"


def test_code_that_meddles_with_its_surroundings_changes_nothing_else() -> None:
    """Another Action has an engine of its own, and what is told is read with care."""
    meddling = program("JSON.stringify = () => '{}'; Object.prototype.then = 1; Array.prototype.push = () => 1;")
    event = json.dumps({**EVENT, "user": USER})
    meddling.run(event)
    meddling.run(event)

    assert run('api.samlResponse.setAttribute("a", "x")').calls == (("setAttribute", "a", ["x"]),)


def test_a_deep_value_is_told_apart() -> None:
    """Python reads no JSON of any depth."""
    outcome = run("let deep = []; for (let i = 0; i < 1500; i++) deep = [deep]; api.samlResponse.setIssuer(deep)")

    assert outcome.missing or outcome.error


def flow(*bodies: str, **samlp: Any) -> Flow:
    steps = [Step(f"step {at}", at == 0, program(body).run) for at, body in enumerate(bodies)]
    return Flow(steps, samlp, EVENT)


def test_the_profile_is_mapped_to_claims() -> None:
    """Auth0's own mappings where the add-on has none; what nobody has is not sent."""
    made = flow().sign_on("ana", {"user_id": "auth0|1", "email": "a@b.example", "name": None})

    assert made.name_id == "auth0|1"
    assert set(made.attributes) == {EMAIL.replace("emailaddress", "nameidentifier"), EMAIL}


def test_one_attribute_may_become_several_claims() -> None:
    """And the NameID is taken from the first claim of the probes that is there."""
    made = flow(mappings={"email": ["a", "b"], "name": EMAIL}, nameIdentifierProbes=["x", "b"]).sign_on("ana", USER)

    assert made.name_id == "ana@acme.example"
    assert made.attributes == {"a": ("ana@acme.example",), "b": ("ana@acme.example",), EMAIL: ("Ana Diaz",)}


def test_mappings_of_the_add_on_stand_beside_those_of_auth0() -> None:
    """They replace what they name; app_metadata counts as profile."""
    user = {**USER, "app_metadata": {"team": "north"}}

    made = flow(mappings={"email": "mail", "team": "team"}).sign_on("ana", user)

    name = EMAIL.replace("emailaddress", "name")
    assert made.attributes == {"mail": ("ana@acme.example",), name: ("Ana Diaz",), "team": ("north",)}
    assert made.name_id == "Ana Diaz"


def test_a_name_id_that_is_not_documented_is_not_guessed() -> None:
    """Whether an Action may set it."""
    made = flow('api.samlResponse.setAttribute("b", "x")', nameIdentifierProbes=["b"]).sign_on("ana", USER)

    assert [each.code for each in made.findings] == ["FLEX359"]
    assert "name_id" in made.unjudged


def test_what_later_actions_do_is_counted() -> None:
    """Once for all people concerned; a denial ends the flow, and nothing after it runs."""
    there = flow(
        'api.samlResponse.setAttribute("roles", "agent")',
        'if (event.user.name === "Bo") api.access.deny("no"); else api.samlResponse.setAttribute("roles", "admin")',
        "event.secrets.KEY",
    )

    made = [there.sign_on(name, {**USER, "name": name}) for name in ("Ana", "Bo", "Cy")]

    assert [each.attributes.get("roles") for each in made] == [("admin",), None, ("admin",)]
    assert [each.code for each in made[1].findings] == ["AUTH0405"]
    assert [finding.message for finding in there.findings()] == [
        "What the Action step 2 does to the login of 2 people is not known here: it needs event.secrets.KEY.",
        "The Action step 1 runs after the plan's and changes the claim `roles` of 2 people.",
    ]
