"""What only Okta has: groups of others, inactive applications, list attributes, what a full PUT must keep."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioner.core.change import Update
from tests.conformance.okta import Okta, saml_app
from tests.conformance.suite import START, TEAM, Wanted, expected
from tests.lab import Lab

OKTA = Okta()
TEAM_OF_THREE = TEAM.person("cy@acme.example", "agent")


def plan(lab: Lab, wanted: Wanted, **changes: Any) -> Any:
    """The plan for `wanted`, with dotted keys changed: `users__roles_attribute="flexRoles"`."""
    document = json.loads(OKTA.plan(wanted))
    for path, value in changes.items():
        *sections, key = path.split("__")
        place = document
        for section in sections:
            place = place[section]
        place[key] = value
    return lab.plan(json.dumps(document))


def the_app(lab: Lab) -> Any:
    (app,) = (app for app in lab.state()["okta"]["apps"] if app["label"] == "Twilio Flex")
    return lab.call("GET", f"/api/v1/apps/{app['id']}")


def user(lab: Lab, login: str) -> Any:
    return lab.call("GET", f"/api/v1/users/{login}")


def members(lab: Lab, group: str) -> set[str]:
    (found,) = (each for each in lab.state()["okta"]["groups"] if each["profile"]["name"] == group)
    state = lab.state()["okta"]
    ids = {each["user"] for each in state["memberships"] if each["group"] == found["id"]}
    return {each["profile"]["login"] for each in state["users"] if each["id"] in ids}


def hand_made_group(lab: Lab) -> str:
    """The plan's group, made by somebody else, with Zoe in it."""
    group = lab.call("POST", "/api/v1/groups", json={"profile": {"name": "Flex Agents", "description": "by hand"}})
    profile = {"login": "zoe@acme.example", "email": "zoe@acme.example", "firstName": "Zoe", "lastName": "Doe"}
    lab.call("POST", "/api/v1/users", json={"profile": profile, "groupIds": [group["id"]]})
    return str(group["id"])


def test_in_a_hand_made_group_nobody_is_removed(lab: Lab) -> None:
    """People are added to it; those whom the plan does not name stay, and so does the description."""
    hand_made_group(lab)

    ran = lab.apply(plan(lab, TEAM))

    assert members(lab, "Flex Agents") == {*TEAM.people, "zoe@acme.example"}
    assert "FLEX211" in [finding.code for finding in ran.seen.warnings]
    assert not lab.diff(plan(lab, TEAM)).changes


def test_an_adopted_group_is_managed_and_keeps_its_description(lab: Lab) -> None:
    """`--adopt` marks it, says so, and takes out whoever the plan does not name."""
    group = hand_made_group(lab)

    ran = lab.apply(plan(lab, TEAM), adopt=True)

    assert "group:Flex Agents" in [change.address for change in ran.seen.changes.changes]
    assert members(lab, "Flex Agents") == set(TEAM.people)
    assert lab.call("GET", f"/api/v1/groups/{group}")["profile"]["description"].startswith("by hand\n")
    assert not lab.diff(plan(lab, TEAM)).changes


def test_whoever_leaves_can_be_deactivated(lab: Lab) -> None:
    """`on_removal: deactivate` ends the account, and without an e-mail."""
    lab.apply(plan(lab, TEAM_OF_THREE))

    lab.apply(plan(lab, TEAM, users__on_removal="deactivate"))

    assert user(lab, "cy@acme.example")["status"] == "DEPROVISIONED"
    assert members(lab, "Flex Agents") == set(TEAM.people)
    assert not lab.diff(plan(lab, TEAM, users__on_removal="deactivate")).changes


def test_an_inactive_application_is_activated_and_repaired(lab: Lab) -> None:
    """An inactive custom application refuses PUT, so it is activated first."""
    lab.apply(plan(lab, TEAM))
    lab.call("POST", f"/api/v1/apps/{the_app(lab)['id']}/lifecycle/deactivate")
    wanted = Wanted(people=TEAM.people, connection="JQ" + "3" * 32)

    ran = lab.apply(plan(lab, wanted))

    assert ran.applied.failure is None
    assert OKTA.held(lab.state()) == expected(wanted)
    assert not lab.diff(plan(lab, wanted)).changes


def test_a_renamed_application_is_found_by_its_mark(lab: Lab) -> None:
    """Somebody changed the label: the same application gets it back, no second one is made."""
    lab.apply(plan(lab, TEAM))
    app = the_app(lab)
    lab.call("PUT", f"/api/v1/apps/{app['id']}", json={**app, "label": "Flex (old)"})

    seen = lab.apply(plan(lab, TEAM)).seen

    (change,) = seen.changes.changes
    assert isinstance(change, Update)
    assert [(each.path, each.before, each.after) for each in change.fields] == [("label", "Flex (old)", "Twilio Flex")]
    assert the_app(lab)["id"] == app["id"]


@pytest.mark.parametrize("name", ["Agents of Flex", "flex agents"])
def test_a_renamed_group_is_found_by_its_mark(lab: Lab, name: str) -> None:
    """Somebody renamed it: the same group gets its name back, keeps its members, and no second one is made."""
    lab.apply(plan(lab, TEAM))
    (group,) = (each for each in lab.state()["okta"]["groups"] if each["profile"]["name"] == "Flex Agents")
    lab.call("PUT", f"/api/v1/groups/{group['id']}", json={"profile": {**group["profile"], "name": name}})

    seen = lab.apply(plan(lab, TEAM.person("cy@acme.example", "agent"))).seen

    changed = [(each.address, [field.path for field in each.fields]) for each in seen.changes.changes]
    assert changed[0] == ("group:Flex Agents", ["name"])
    assert [address for address, _ in changed[1:]] == ["user:cy@acme.example"]
    assert members(lab, "Flex Agents") == {*TEAM.people, "cy@acme.example"}
    assert name not in [each["profile"]["name"] for each in lab.state()["okta"]["groups"]]
    assert not lab.diff(plan(lab, TEAM.person("cy@acme.example", "agent"))).changes


def test_a_name_that_another_group_took_is_not_fought_for(lab: Lab) -> None:
    """The apply says who has it, moves nobody into that group, and does not assign it; once it is free, all is well."""
    lab.apply(plan(lab, TEAM))
    (group,) = (each for each in lab.state()["okta"]["groups"] if each["profile"]["name"] == "Flex Agents")
    lab.call("PUT", f"/api/v1/groups/{group['id']}", json={"profile": {**group["profile"], "name": "Agents of Flex"}})
    other = lab.call("POST", "/api/v1/groups", json={"profile": {"name": "Flex Agents"}})["id"]

    ran = lab.apply(plan(lab, TEAM))

    assert f"another group in Okta is called Flex Agents ({other})" in str(ran.applied.failure)
    assert members(lab, "Flex Agents") == set()
    assert {each["group"] for each in lab.state()["okta"]["appGroups"]} == {group["id"]}
    lab.call("PUT", f"/api/v1/groups/{other}", json={"profile": {"name": "Hotline"}})
    assert lab.apply(plan(lab, TEAM)).applied.failure is None
    assert members(lab, "Flex Agents") == set(TEAM.people)


def test_another_name_in_the_plan_renames_the_group(lab: Lab) -> None:
    """As with the application's label: nobody is moved, and no group is left behind."""
    lab.apply(plan(lab, TEAM))

    lab.apply(plan(lab, TEAM, assign__group="Agents of Flex"))

    assert members(lab, "Agents of Flex") == set(TEAM.people)
    assert "Flex Agents" not in [each["profile"]["name"] for each in lab.state()["okta"]["groups"]]


def test_what_makes_other_people_of_agents_is_repaired(lab: Lab) -> None:
    """A suffix to user names goes, and so do further ACS URLs."""
    lab.apply(plan(lab, TEAM))
    app = the_app(lab)
    app["credentials"]["userNameTemplate"]["userSuffix"] = "@x.example"
    endpoints = [{"index": 0, "url": "https://x.example/acs"}]
    app["settings"]["signOn"] |= {"allowMultipleAcsEndpoints": True, "acsEndpoints": endpoints}
    lab.call("PUT", f"/api/v1/apps/{app['id']}", json=app)

    lab.apply(plan(lab, TEAM))

    assert the_app(lab)["credentials"]["userNameTemplate"] == {"template": "${source.login}", "type": "BUILT_IN"}
    assert the_app(lab)["settings"]["signOn"]["acsEndpoints"] == []
    assert not lab.diff(plan(lab, TEAM)).changes


def test_a_full_put_keeps_what_the_plan_does_not_name(lab: Lab) -> None:
    """Okta's PUT replaces; what an administrator set beside the plan's fields survives an update of the plan's."""
    lab.apply(plan(lab, TEAM))
    app = the_app(lab)
    app["visibility"]["hide"]["web"] = True
    app["settings"]["notes"]["enduser"] = "Ask the helpdesk"
    app["settings"]["notes"]["admin"] = "Ours since 2024\n" + app["settings"]["notes"]["admin"]
    lab.call("PUT", f"/api/v1/apps/{app['id']}", json=app)
    assert not lab.diff(plan(lab, TEAM)).changes

    lab.apply(plan(lab, Wanted(people=TEAM.people, claims={"department": "user.department"})))

    after = the_app(lab)
    assert after["visibility"]["hide"]["web"] is True
    assert after["settings"]["notes"]["enduser"] == "Ask the helpdesk"
    assert after["settings"]["notes"]["admin"].startswith("Ours since 2024\n")


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("responseSigned", False, "response_signed"),
        ("assertionSigned", False, "assertion_signed"),
        ("signatureAlgorithm", "RSA_SHA1", "signature_algorithm"),
        ("digestAlgorithm", "SHA1", "digest_algorithm"),
        ("defaultRelayState", "x", "relay_state"),
        ("audience", "urn:flex:JQ0", "audience"),
        ("destination", "https://sp.example/acs", "destination"),
        ("samlSignedRequestEnabled", True, "signed_requests"),
        ("subjectNameIdTemplate", "${user.email}", "name_id.template"),
    ],
)
def test_every_line_of_the_guide_is_held_to(field: str, value: Any, path: str, lab: Lab) -> None:
    """A change by hand of a setting that Twilio's guide asks for is seen, named, and repaired."""
    lab.apply(plan(lab, TEAM))
    app = the_app(lab)
    before = app["settings"]["signOn"][field]
    app["settings"]["signOn"][field] = value
    lab.call("PUT", f"/api/v1/apps/{app['id']}", json=app)

    (change,) = lab.apply(plan(lab, TEAM)).seen.changes.changes

    assert path in [each.path for each in change.fields]
    assert (the_app(lab)["settings"]["signOn"][field] or "") == (before or "")


def test_roles_can_be_a_list_attribute(lab: Lab) -> None:
    """An attribute that the org lacks is made as a list of strings, and roles are several values."""
    wanted = plan(lab, TEAM, users__roles_attribute="flexRoles")

    ran = lab.apply(wanted)

    assert "user_attribute:flexRoles" in [change.address for change in ran.seen.changes.changes]
    assert user(lab, "bo@acme.example")["profile"]["flexRoles"] == ["agent", "supervisor"]
    assert not lab.diff(wanted).changes


def test_with_create_false_only_roles_and_membership_are_ours(lab: Lab) -> None:
    """HR owns the people: their names are left alone, whatever the plan calls them, and no mail goes out."""
    profile = {"login": "ana@acme.example", "email": "ana@acme.example", "firstName": "Anastasia", "lastName": "Diaz"}
    body = {"profile": profile, "credentials": {"password": {"value": "Correct1Horse"}}}
    lab.call("POST", "/api/v1/users", json=body)
    lab.clock.advance(60)

    ran = lab.apply(plan(lab, START, users__create=False))

    assert ran.applied.failure is None
    assert user(lab, "ana@acme.example")["profile"] | {"userType": "admin"} == user(lab, "ana@acme.example")["profile"]
    assert user(lab, "ana@acme.example")["profile"]["firstName"] == "Anastasia"
    assert members(lab, "Flex Agents") == {"ana@acme.example"}
    assert lab.state()["okta"]["mails"] == []


def test_group_and_typed_claims_are_sent(lab: Lab) -> None:
    """GROUP statements with their filter, and typed claims by their dotted name."""
    statements = {
        **json.loads(OKTA.plan(TEAM))["application"]["attribute_statements"],
        "team_owner": {"format": "basic", "group": {"starts_with": "Team "}},
        "skills.stringarray": {"format": "basic", "value": "user.division"},
    }
    wanted = plan(lab, TEAM, application__attribute_statements=statements)

    lab.apply(wanted)

    sent = {each["name"]: each for each in the_app(lab)["settings"]["signOn"]["attributeStatements"]}
    assert (sent["team_owner"]["type"], sent["team_owner"]["filterType"]) == ("GROUP", "STARTS_WITH")
    assert sent["team_owner"]["filterValue"] == "Team "
    assert sent["skills.stringarray"]["values"] == ["user.division"]
    assert not lab.diff(wanted).changes


def test_a_prefix_is_not_a_name(lab: Lab) -> None:
    """Okta's `q` finds prefixes: neither the application nor the group of a longer name is taken for ours."""
    lab.call("POST", "/api/v1/apps", json=saml_app("Twilio Flex Test", []))
    lab.call("POST", "/api/v1/groups", json={"profile": {"name": "Flex Agents Berlin"}})

    addresses = [change.address for change in lab.diff(plan(lab, TEAM)).changes.changes]

    assert addresses[:2] == ["application:Twilio Flex", "group:Flex Agents"]


def test_somebody_whom_the_search_does_not_see_yet_is_taken_over(lab: Lab) -> None:
    """Search lags: the creation is refused for the login, and the person is taken as they are."""
    profile = {"login": "bo@acme.example", "email": "bo@acme.example", "firstName": "Bo", "lastName": "Doe"}
    created = lab.call("POST", "/api/v1/users", json={"profile": profile})

    ran = lab.apply(plan(lab, TEAM))

    assert ran.applied.failure is None
    assert user(lab, "bo@acme.example")["id"] == created["id"]
    assert OKTA.held(lab.state()) == expected(TEAM)


def test_thousands_come_from_csv(lab: Lab) -> None:
    """A user file beside the plan gives the same result as people in the plan."""
    rows = ["login,first_name,last_name,roles", *(f"p{n:04}@acme.example,P,Doe,agent" for n in range(300))]
    document = json.loads(OKTA.plan(START))
    document["users"] = {"source": "csv", "path": "people.csv"}

    ran = lab.apply(lab.plan(json.dumps(document), people_csv="\n".join([*rows, "ana@acme.example,A,D,admin"])))

    assert ran.applied.failure is None
    assert len(members(lab, "Flex Agents")) == 301
