"""Post-login Actions, run for real: what they are given, what they may do, and how they are kept in bounds."""

import pytest

from provisioner.sandbox.auth0 import actions_runtime, login_flow
from provisioner.sandbox.auth0.actions_runtime import Denied, Outcome, run
from tests.sandbox.auth0_tenant import Tenant

EVENT = {
    "client": {"client_id": "abc", "name": "Twilio Flex", "metadata": {}},
    "transaction": {"protocol": "samlp"},
    "user": {"email": "ana@acme.example", "name": "Ana", "app_metadata": {"flex": {"roles": ["admin"]}}},
}
GUIDE = """
exports.onExecutePostLogin = async (event, api) => {
  api.samlResponse.setAttribute("email", event.user.email || null);
  api.samlResponse.setAttribute("image_url", event.user.picture || null);
  api.samlResponse.setAttribute("roles", event.user.app_metadata.flex.roles);
};
"""


def body(statements: str) -> Outcome:
    return run(f"exports.onExecutePostLogin = async (event, api) => {{ {statements} }};", EVENT, {"KEY": "value"})


def test_the_guides_action_sets_its_attributes() -> None:
    """A list stays a list, and a null a null."""
    outcome = run(GUIDE, EVENT)

    assert outcome.error is None
    assert outcome.attributes == {"email": "ana@acme.example", "image_url": None, "roles": ["admin"]}


def test_the_guides_action_fails_for_a_user_without_roles() -> None:
    """The error is that of the engine, and the login fails."""
    outcome = run(GUIDE, EVENT | {"user": {"email": "bo@acme.example", "app_metadata": {}}})

    assert outcome.error is not None
    assert outcome.error.startswith("TypeError: ")


def test_a_denied_login_says_why() -> None:
    """Denying does not end the Action."""
    outcome = body('api.access.deny("no role"); api.user.setAppMetadata("seen", true);')

    assert outcome.denied == Denied("no role")
    assert outcome.app_metadata == {"seen": True}


def test_every_setter_can_be_chained_and_is_told() -> None:
    """Metadata and the settings of the SAML response."""
    outcome = body('api.samlResponse.setAudience("urn:x").user.setUserMetadata("a", 1).idToken.setCustomClaim("b", 2);')

    assert outcome == Outcome(saml_settings={"Audience": "urn:x"}, user_metadata={"a": 1})


def test_waiting_works_and_secrets_and_console_are_there() -> None:
    """Timers fire at once."""
    outcome = body(
        'await new Promise((done) => setTimeout(done, 1000)); console.log("key", event.secrets.KEY, {a: 1});'
    )

    assert (outcome.error, outcome.logs) == (None, 'key value {"a":1}')


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (f'{GUIDE}"', "SyntaxError"),
        ("exports.onContinuePostLogin = () => {};", "TypeError: onExecutePostLogin is not exported"),
        ('exports.onExecutePostLogin = () => require("fs");', "Error: Cannot find module 'fs'"),
        ("exports.onExecutePostLogin = () => fetch('https://x.example');", "ReferenceError"),
        ("exports.onExecutePostLogin = async () => { throw 'a word'; };", "Error: a word"),
        ("exports.onExecutePostLogin = () => new Promise(() => {});", "Error: the Action waits for something"),
        (
            "exports.onExecutePostLogin = (e, api) => api.samlResponse.setAttribute('a', {b: 1});",
            "TypeError: The value",
        ),
        ("const f = () => f() + 1; exports.onExecutePostLogin = f;", "RangeError"),
        ("exports.onExecutePostLogin = () => { Object.prototype.toJSON = () => 5; };", "Error: the Action tampered"),
    ],
)
def test_what_goes_wrong_is_the_outcomes_error(code: str, error: str) -> None:
    """Nothing is raised into the sandbox, and no way leads to the machine."""
    assert (run(code, EVENT).error or "").startswith(error)


def test_endless_work_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """By time, whether it blocks or goes on in turns, and by memory."""
    monkeypatch.setattr(actions_runtime, "TIME_LIMIT", 0.05)
    for statements in (
        "while (true) {}",
        "await null; while (true) {}",
        "const a = []; while (true) a.push([1, 2, 3]);",
    ):
        outcome = body(statements)
        assert "interrupted" in str(outcome.error) or "memory" in str(outcome.error)
    turns = "const turn = async () => { await null; return turn(); }; await turn();"
    assert body(turns).error is not None


@pytest.mark.parametrize(
    ("statements", "error"),
    [
        ("for (let i = 0; i <= 100; i++) api.samlResponse.setAttribute(`a${i}`, 1);", "101 SAML attributes"),
        ("api.samlResponse.setAttribute('a', 'x'.repeat(2047));", "larger than 2048 bytes"),
        ("for (const c of 'abcdef') api.samlResponse.setAttribute(c, 'x'.repeat(2000));", "larger than 10240 bytes"),
    ],
)
def test_attributes_have_limits(statements: str, error: str) -> None:
    """A hundred, 2 kB each, 10 kB together."""
    assert error in str(body(statements).error)


def action(statements: str) -> str:
    return f"exports.onExecutePostLogin = async (event, api) => {{ {statements} }};"


def test_the_login_flow_runs_what_is_deployed_and_bound_in_order() -> None:
    """A later Action sees what an earlier one remembered, and has the last word on an attribute."""
    tenant = Tenant()
    first = tenant.action(
        "First", code=action("api.user.setAppMetadata('seen', 1); api.samlResponse.setAttribute('a', 1);")
    )
    second = tenant.action(
        "Second",
        code=action("api.samlResponse.setAttribute('b', [event.user.app_metadata.seen, event.secrets.KEY]);"),
        secrets=[{"name": "KEY", "value": "x"}],
    )
    tenant.bind(first, second)
    tenant("PATCH", f"/actions/actions/{first['id']}", {"code": "not deployed"})
    client, user = tenant.client(), tenant.user()
    outcome = login_flow.run(tenant.visit, client, user)

    assert (outcome.error, outcome.attributes) == (None, {"a": 1, "b": [1, "x"]})
    assert tenant("GET", f"/users/{user['user_id']}")["app_metadata"] == {"seen": 1}


@pytest.mark.parametrize("statements", ["api.access.deny('no')", "throw new Error('broken')"])
def test_an_action_that_denies_or_fails_ends_the_flow(statements: str) -> None:
    """What comes after it does not run."""
    tenant = Tenant()
    bad = tenant.action("Bad", code=action(statements))
    tenant.bind(bad, tenant.action("Next", code=action("api.samlResponse.setAttribute('a', 1)")))
    outcome = login_flow.run(tenant.visit, tenant.client(), tenant.user())

    assert outcome.attributes == {}
    assert outcome.denied or outcome.error


def test_the_event_tells_who_signs_in_where() -> None:
    """Metadata objects are there even when the user has none."""
    tenant = Tenant()
    client, user = tenant.client(client_metadata={"owner": "acme"}), tenant.user()
    seen = login_flow.event(tenant.visit, client, user)

    assert seen["client"] == {"client_id": client["client_id"], "name": "Twilio Flex", "metadata": {"owner": "acme"}}
    assert (seen["user"]["email"], seen["user"]["app_metadata"]) == ("ana@acme.example", {})
    assert (seen["transaction"]["protocol"], seen["connection"]["strategy"]) == ("samlp", "auth0")
