"""The generated Action, run for many people and many logins."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.adapters.auth0 import expression
from provisioner.adapters.auth0.action_code import PLAN_KEY, code
from provisioner.adapters.auth0.plan import Auth0Plan, guide_attributes
from provisioner.core import ownership
from provisioner.flex import claims
from provisioner.flex.roles import ROLES
from tests.adapters.auth0.action import Login, run


def a_plan(**action: Any) -> Auth0Plan:
    """The plan `acme-auth0`; keywords are keys of its Action."""
    return Auth0Plan.model_validate(
        {
            "version": 1,
            "name": "acme-auth0",
            "provider": {"type": "auth0", "domain": "acme.us.auth0.com"},
            "flex": {"connection_sid": "JQ0123456789abcdef0123456789abcdef"},
            "application": {"name": "Twilio Flex"},
            "action": {"name": "Flex SAML attributes", **action},
        }
    )


def a_login(user: Any, *, plan: str | None = "acme-auth0", protocol: str = "samlp", **more: Any) -> dict[str, Any]:
    """A login to the application that the plan marked; with None, to any other."""
    client = {"client_id": "x", "metadata": {} if plan is None else {PLAN_KEY: plan}}
    return {"user": user, "client": client, "transaction": {"protocol": protocol}, **more}


def somebody(roles: Any = ("agent",), **profile: Any) -> dict[str, Any]:
    return {"email": "ana@acme.example", **profile, "app_metadata": {"flex": {"roles": roles}}}


GENERATED = code(a_plan())
WITHOUT_ROLES = code(a_plan(on_missing_roles="omit"))
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def test_a_login_to_flex_gets_the_claims() -> None:
    """Roles as a list, everything else as text, what is not in the profile not at all."""
    user = somebody(["supervisor", "agent"], name="Ana Diaz", picture=None)

    assert run(GENERATED, a_login(user)) == Login(
        {"roles": ["agent", "supervisor"], "email": "ana@acme.example", "full_name": "Ana Diaz"}
    )


@given(anything)
def test_texts_numbers_and_booleans_are_sent_as_texts_and_nothing_else_is(value: Any) -> None:
    """Neither null nor an object ever becomes a text, and no profile makes a login fail."""
    parts = [as_text(each) for each in (value if isinstance(value, list) else [value]) if is_plain(each)]
    sent = {"email": parts if isinstance(value, list) else parts[0]} if parts else {}

    assert run(WITHOUT_ROLES, a_login({"email": value, "app_metadata": {"flex": {"roles": [value]}}})) == Login(sent)


def is_plain(value: Any) -> bool:
    return isinstance(value, str | int)


def as_text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(st.lists(st.sampled_from([*sorted(ROLES), "boss", "Admin", "constructor", ""])))
def test_only_the_roles_of_flex_pass(roles: list[str]) -> None:
    """Each once, whoever wrote them into the metadata."""
    assert run(GENERATED, a_login(somebody(roles))).attributes.get("roles", []) == sorted(ROLES & set(roles))


def test_roles_may_stand_in_one_text() -> None:
    """People write them so by hand; a space is no part of a role."""
    assert run(GENERATED, a_login(somebody("agent, admin"))).attributes["roles"] == ["admin", "agent"]


@pytest.mark.parametrize("metadata", [None, {}, {"flex": None}, {"flex": {}}, {"flex": {"roles": []}}, "text"])
def test_without_a_role_the_login_is_denied_or_goes_without(metadata: Any) -> None:
    """`on_missing_roles` says which; a denial says what to do."""
    login = a_login({"email": "ana@acme.example", "app_metadata": metadata})

    denied = run(GENERATED, login)
    assert "Ask your administrator" in denied.denied[0]
    assert denied.attributes == {}
    assert run(WITHOUT_ROLES, login) == Login({"email": "ana@acme.example"})


@pytest.mark.parametrize(
    "event",
    [
        a_login({"email": "bo@acme.example"}, plan=None),
        a_login(somebody(), plan="another-plan"),
        a_login(somebody(), protocol="oidc-basic-profile"),
        {"user": {"email": "bo@acme.example"}, "client": {"client_id": "x"}, "transaction": {"protocol": "samlp"}},
        {"user": somebody(), "client": {"metadata": {PLAN_KEY: "acme-auth0"}}},
        {"client": {"metadata": None}},
        {},
    ],
    ids=["another application", "another plan", "another protocol", "no metadata", "no transaction", "null", "nothing"],
)
def test_other_logins_are_left_alone(event: Any) -> None:
    """An Action runs at every login of the tenant: those of other applications see nothing of it."""
    assert run(GENERATED, event) == Login({})


@pytest.mark.parametrize(
    ("claim", "value", "sent"),
    [
        ("level.int", 3, "3"),
        ("level.int", "-3", "-3"),
        ("level.int", 1.5, None),
        ("level.int", "three", None),
        ("level.int", [1, 2], None),
        ("level.intarray", ["1", 2, None], ["1", "2"]),
        ("level.intarray", [1, "two"], None),
        ("lead.boolean", True, "true"),
        ("lead.boolean", "yes", None),
        ("lead.booleanarray", [True, False], ["true", "false"]),
        ("skills.stringarray", ["a", "b"], ["a", "b"]),
        ("skills.stringarray", "a", ["a"]),
        ("skills.stringarray", [], None),
        ("team.string", ["a", "b"], None),
        ("department", ["a", "b"], ["a", "b"]),
        ("department", "", ""),
        ("channel.voice.capacity", 2, "2"),
        ("a.b", False, "false"),
    ],
)
def test_a_typed_claim_fits_its_type_or_is_left_out(claim: str, value: Any, sent: Any) -> None:
    """A value that does not fit ends the login at Flex; an empty text is sent, because it clears the worker's."""
    text = code(a_plan(attributes={"roles": guide_attributes()["roles"], claim: "event.user.user_metadata.x"}))
    login = run(text, a_login(somebody(user_metadata={"x": value})))

    assert login.attributes.get(claim) == sent


names = st.text(min_size=1, max_size=20)


@given(names.filter(lambda name: name != "roles" and claims.type_of(name) is None), names)
def test_a_name_is_a_name_and_never_code(claim: str, key: str) -> None:
    """Quotes, backslashes, line ends of every kind, ends of comments: what stands in a plan is quoted or refused."""
    path = f'event.user.user_metadata["{key}"]'
    try:
        expression.steps(path)
    except ValueError:
        return
    text = code(a_plan(attributes={claim: path}, on_missing_roles="omit"))

    assert run(text, a_login(somebody(user_metadata={key: "found"}))).attributes == {claim: "found"}


def test_the_same_plan_gives_the_same_text_with_its_owner_in_it() -> None:
    """The text is compared byte for byte, and says to people and to programs who manages it."""
    assert code(a_plan()) == GENERATED
    assert ownership.read(GENERATED) == ownership.Mark("acme-auth0")


def test_own_code_is_sent_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line ends and all: whoever wrote it finds it so in the dashboard."""
    monkeypatch.chdir(tmp_path)
    Path("my-action.js").write_bytes(b"exports.onExecutePostLogin = async () => {};\r\n")

    assert code(a_plan(code_file="my-action.js")) == "exports.onExecutePostLogin = async () => {};\r\n"


NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node, in which Auth0 runs Actions, is not installed here")
def test_node_understands_it(tmp_path: Path) -> None:
    """The same result in the engine that Auth0 uses."""
    event = json.dumps(a_login(somebody(["admin"], name="Ana Diaz")))
    api = "{ access: {}, samlResponse: { setAttribute: (name, value) => console.log(name, JSON.stringify(value)) } }"
    file = tmp_path / "action.js"
    file.write_text(f"{GENERATED}\nexports.onExecutePostLogin({event}, {api});\n", encoding="utf-8")
    done = subprocess.run([str(NODE), str(file)], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines() == ['roles ["admin"]', 'email "ana@acme.example"', 'full_name "Ana Diaz"']
