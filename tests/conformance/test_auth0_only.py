"""What only Auth0 has: a login flow and connections that are shared, metadata and add-ons of others, jobs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioner.core.change import Update
from provisioner.sandbox import EmbeddedTransport
from tests.conformance.auth0 import CONNECTION, Auth0, an_action, bind
from tests.conformance.suite import START, TEAM, Wanted, expected
from tests.lab import Killed, Killing, Lab

AUTH0 = Auth0()
NAME = "Flex SAML attributes"
PERSON = {"connection": CONNECTION, "password": "Correct1Horse!", "verify_email": False}


def plan(lab: Lab, wanted: Wanted, **changes: Any) -> Any:
    """The plan for `wanted`, with dotted keys changed: `users__on_removal="block"`."""
    document = json.loads(AUTH0.plan(wanted))
    for path, value in changes.items():
        section, _, key = path.rpartition("__")
        (document[section] if section else document)[key] = value
    return lab.plan(json.dumps(document))


def flow(lab: Lab) -> list[str]:
    return [each["display_name"] for each in lab.state()["auth0"]["bindings"]]


def client(lab: Lab) -> Any:
    (found,) = (each for each in lab.state()["auth0"]["clients"] if each["name"] == "Twilio Flex")
    return found


def the_action(lab: Lab) -> Any:
    (found,) = (each for each in lab.state()["auth0"]["actions"] if each["name"] == NAME)
    return found


def user(lab: Lab, email: str) -> Any:
    (found,) = (each for each in lab.state()["auth0"]["users"] if each["email"] == email)
    return found


@pytest.mark.parametrize(
    ("position", "place"), [("last", 5), ("first", 0), ({"before": "Geo"}, 2), ({"after": "Audit"}, 5)]
)
def test_five_other_actions_keep_their_order(lab: Lab, position: Any, place: int) -> None:
    """Under every position, though the flow comes in pages of two; and moving ours moves nobody else."""
    others = ["Risk", "Consent", "Geo", "Welcome", "Audit"]
    for name in others:
        an_action(lab, name)
    bind(lab, *others)
    lab.apply(plan(lab, START, action__position="first"))

    lab.apply(plan(lab, START, action__position=position))

    assert flow(lab) == [*others[:place], NAME, *others[place:]]
    assert not lab.diff(plan(lab, START, action__position=position)).changes


@pytest.mark.parametrize(("position", "order"), [("last", ["Geo", "Audit", 2, 1]), ("first", [1, 2, "Audit", "Geo"])])
def test_two_plans_in_one_tenant_come_to_rest(lab: Lab, position: str, order: list[Any]) -> None:
    """Both want the same place: it is beside everybody else's Actions, and neither moves the other's."""
    names = {1: NAME, 2: "Berlin attributes"}
    one = {"action__position": position}
    two = one | {"name": "berlin", "application__name": "Berlin", "action__name": names[2]}
    an_action(lab, "Geo")
    bind(lab, "Geo")
    for plans in (one, two):
        lab.apply(plan(lab, START, **plans))
    assert not lab.diff(plan(lab, START, **one)).changes

    an_action(lab, "Audit")
    bind(lab, *([*flow(lab), "Audit"] if position == "last" else ["Audit", *flow(lab)]))
    for plans in (one, two):
        assert lab.apply(plan(lab, START, **plans)).seen.changes

    assert not lab.diff(plan(lab, START, **one)).changes
    assert not lab.diff(plan(lab, START, **two)).changes
    assert flow(lab) == [names.get(each, each) for each in order]


def test_what_somebody_undid_is_done_again(lab: Lab) -> None:
    """The Action unbound and its draft edited: both show, and one apply repairs them."""
    lab.apply(plan(lab, START))
    lab.call("PATCH", "/api/v2/actions/triggers/post-login/bindings", json={"bindings": []})
    lab.call("PATCH", f"/api/v2/actions/actions/{the_action(lab)['id']}", json={"code": "// nothing"})

    seen = lab.diff(plan(lab, START), adopt=True)
    lab.apply(plan(lab, START))

    assert [change.address for change in seen.changes.changes] == [f"action:{NAME}", f"binding:{NAME}"]
    assert AUTH0.held(lab.state()) == expected(START)


def test_what_others_keep_on_people_and_application_stays(lab: Lab) -> None:
    """Metadata beside the roles, a second add-on, a callback: an update of ours touches none of them."""
    lab.apply(plan(lab, START))
    ana, app = user(lab, "ana@acme.example"), client(lab)
    metadata = {"crm": {"id": 7}, "flex": {"roles": ["admin"], "team": "north"}}
    lab.call("PATCH", f"/api/v2/users/{ana['user_id']}", json={"app_metadata": metadata})
    addition = {
        "addons": {"rms": {"url": "https://rms.example"}},
        "callbacks": [*app["callbacks"], "https://b.example"],
    }
    lab.call("PATCH", f"/api/v2/clients/{app['client_id']}", json=addition)

    lab.apply(plan(lab, START.person("ana@acme.example", "agent"), application__settings={"lifetimeInSeconds": 7200}))

    kept = user(lab, "ana@acme.example")["app_metadata"]
    assert kept == {"crm": {"id": 7}, "flex": {"roles": ["agent"], "team": "north"}}
    assert client(lab)["addons"]["rms"] == {"url": "https://rms.example"}
    assert client(lab)["callbacks"][1:] == ["https://b.example"]
    assert client(lab)["addons"]["samlp"]["lifetimeInSeconds"] == 7200


def test_an_application_made_by_hand_is_adopted(lab: Lab) -> None:
    """Refused at first; taken over with --adopt, with what it holds beside the plan's settings."""
    samlp = {"audience": "urn:old", "logout": {"callback": "https://bye.example"}}
    body = {"name": "Twilio Flex", "callbacks": ["https://mine.example"], "addons": {"samlp": samlp}}
    lab.call("POST", "/api/v2/clients", json=body)

    assert "not_ours" in [refusal.code for refusal in lab.diff(plan(lab, START)).refused]
    assert lab.apply(plan(lab, START), adopt=True).applied.failure is None

    assert client(lab)["addons"]["samlp"]["logout"] == {"callback": "https://bye.example"}
    assert client(lab)["callbacks"][1:] == ["https://mine.example"]
    assert AUTH0.held(lab.state()) == expected(START)


def test_many_people_come_by_import(lab: Lab) -> None:
    """One job instead of a request each, nobody twice, and somebody who was there keeps other metadata."""
    body = PERSON | {"email": "agent07@acme.example", "app_metadata": {"crm": {"id": 7}}}
    lab.call("POST", "/api/v2/users", json=body)
    crowd = Wanted(people={**TEAM.people, **{f"agent{n:02}@acme.example": ("agent",) for n in range(60)}})

    assert lab.apply(plan(lab, crowd)).applied.failure is None

    assert lab.writes().count("POST /api/v2/jobs/users-imports") == 1
    assert "POST /api/v2/users" not in lab.writes()[1:]
    assert user(lab, "agent07@acme.example")["app_metadata"] == {"crm": {"id": 7}, "flex": {"roles": ["agent"]}}
    assert AUTH0.held(lab.state()) == expected(crowd)
    assert not lab.diff(plan(lab, crowd)).changes


def test_a_social_connection_never_leads_to_flex(lab: Lab) -> None:
    """A new application has every connection of the tenant; ours keeps the plan's alone, others keep theirs."""
    other = lab.call("POST", "/api/v2/clients", json={"name": "Shop"})

    lab.apply(plan(lab, START))

    enabled = lab.call("GET", f"/api/v2/clients/{client(lab)['client_id']}/connections")["connections"]
    assert [each["name"] for each in enabled] == [CONNECTION]
    shop = lab.call("GET", f"/api/v2/clients/{other['client_id']}/connections")["connections"]
    assert "google-oauth2" in [each["name"] for each in shop]


def test_somebody_who_is_blocked_stays_blocked(lab: Lab) -> None:
    """It was somebody's decision: the diff says so, as an error."""
    lab.apply(plan(lab, START))
    path = f"/api/v2/users/{user(lab, 'ana@acme.example')['user_id']}"
    lab.call("PATCH", path, json={"blocked": True})

    seen = lab.diff(plan(lab, START))

    assert ("AUTH0204", "error") in [(finding.code, finding.severity) for finding in seen.warnings]
    assert not seen.changes


def test_what_the_action_needs_beside_its_code_is_compared(lab: Lab) -> None:
    """Packages and secrets that somebody gave it by hand, deployed: they show by name, and an apply drops them."""
    lab.apply(plan(lab, START))
    path = f"/api/v2/actions/actions/{the_action(lab)['id']}"
    added = {
        "dependencies": [{"name": "lodash", "version": "4.17.21"}],
        "secrets": [{"name": "KEY", "value": "s3cret"}],
    }
    lab.call("PATCH", path, json=added)
    lab.clock.advance(60)
    lab.call("POST", f"{path}/deploy")
    lab.clock.advance(60)

    (change,) = lab.diff(plan(lab, START)).changes.changes
    lab.apply(plan(lab, START))

    assert isinstance(change, Update)
    assert [(field.path, field.before, field.after) for field in change.fields] == [
        ("dependencies", ("lodash@4.17.21",), ()),
        ("secrets", ("KEY",), ()),
    ]
    assert (the_action(lab)["dependencies"], the_action(lab)["secrets"]) == ([], [])
    assert not lab.diff(plan(lab, START)).changes


def test_whoever_a_killed_run_left_without_a_link_is_told(lab: Lab) -> None:
    """The account is there and nobody has its password: every run says so, until its owner chooses one."""
    lab.apply(plan(lab, START))
    with_bo = START.person("bo@acme.example", "agent")
    lab.network = lambda: Killing(EmbeddedTransport(lab.sandbox), nth=1, after=True)
    with pytest.raises((Killed, BaseExceptionGroup)):
        lab.apply(plan(lab, with_bo))
    lab.network = lambda: EmbeddedTransport(lab.sandbox)

    told = lab.apply(plan(lab, with_bo)).seen.warnings
    for email in with_bo.people:
        path = f"/api/v2/users/{user(lab, email)['user_id']}"
        lab.call("PATCH", path, json={"password": "Correct1Horse!", "connection": CONNECTION})

    (finding,) = (each for each in told if each.code == "AUTH0211")
    assert "2, such as ana@acme.example, bo@acme.example" in finding.message
    assert "AUTH0211" not in [each.code for each in lab.diff(plan(lab, with_bo)).warnings]


def test_what_the_plan_does_not_name_and_stands_in_the_way_is_told(lab: Lab) -> None:
    """It stays, because it is somebody else's, and every run says what it does; the harmless is not mentioned."""
    lab.apply(plan(lab, START))
    app = client(lab)
    assert "AUTH0212" not in [finding.code for finding in lab.diff(plan(lab, START)).warnings]
    spare = {"lifetimeInSeconds": 600, "typedAttributes": False}
    addition = {
        "addons": {"wsfed": {}, "rms": {"url": "https://rms"}, "samlp": {**app["addons"]["samlp"], **spare}},
        "callbacks": [*app["callbacks"], "https://else.example/acs"],
    }
    lab.call("PATCH", f"/api/v2/clients/{app['client_id']}", json=addition)

    seen = lab.diff(plan(lab, START))

    told = [finding.message for finding in seen.warnings if finding.code == "AUTH0212"]
    named = [message.split("holds ")[1].split(",")[0] for message in told]
    assert named == [
        "addons.samlp.lifetimeInSeconds",
        "addons.wsfed",
        "callback https://else.example/acs",
    ]
    assert not seen.changes


def test_an_action_that_an_apply_made_anew_is_the_plans(lab: Lab) -> None:
    """Also where the goal is recorded already: its next edit is drift, and not somebody else's Action."""
    wanted = plan(lab, START)
    lab.apply(wanted)
    bind(lab)
    lab.call("DELETE", f"/api/v2/actions/actions/{the_action(lab)['id']}")
    lab.apply(wanted)

    lab.call("PATCH", f"/api/v2/actions/actions/{the_action(lab)['id']}", json={"code": "// mine"})
    seen = lab.diff(wanted)

    assert seen.refused == ()
    assert "action:Flex SAML attributes" in [change.address for change in seen.changes.changes]


def test_a_renamed_action_gets_its_name_back(lab: Lab) -> None:
    """It is known by the record of the last apply; no second one is made."""
    wanted = plan(lab, START)
    lab.apply(wanted)
    id_ = the_action(lab)["id"]
    lab.call("PATCH", f"/api/v2/actions/actions/{id_}", json={"name": "Old"})

    lab.apply(wanted)

    assert (the_action(lab)["id"], flow(lab)) == (id_, [NAME])
    assert len(lab.state()["auth0"]["actions"]) == 1
    assert not lab.diff(wanted).changes


def test_what_others_have_is_told_under_addresses_of_its_own(lab: Lab) -> None:
    """Whoever accepts one in drift.ignore does not accept what becomes of the plan's own things."""
    wanted = plan(lab, START)
    lab.apply(wanted)
    an_action(lab, "Early", 'api.samlResponse.setAttribute("roles", "admin")')
    bind(lab, "Early", NAME)
    lab.call(
        "PATCH",
        f"/api/v2/clients/{client(lab)['client_id']}",
        json={"callbacks": [*client(lab)["callbacks"], "https://else.example/acs"]},
    )

    paths = {each.code: each.path for each in lab.diff(wanted).warnings}

    assert paths["AUTH0210"] == "action_beside_the_plan:Early"
    assert paths["AUTH0212"] == "setting_beside_the_plan:callback https://else.example/acs"
