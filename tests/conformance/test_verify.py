"""What everybody would bring to Flex is computed from the live tenant; what keeps a login from working has a code."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from provisioner.core.sign_on import Verification, Verified
from tests.conformance.auth0 import CONNECTION, Auth0, bind
from tests.conformance.drift_okta import sp_certificate
from tests.conformance.okta import BASIC, Okta
from tests.conformance.signing_in import PASSWORD, sign_in
from tests.conformance.suite import CROWD, TEAM, Tenancy
from tests.lab import Lab

Hand = Callable[[Lab], object]
ANA, BO = "ana@acme.example", "bo@acme.example"
OKTA, AUTH0 = Okta().plan(TEAM), Auth0().plan(TEAM)


# What nobody can compute, and what the sandbox and the vendor's library make different things of.
NOT_COMPARED = {"AUTH0407", "FLEX310", "FLEX313", "FLEX359"}


def bo_of(found: Verification) -> Verified:
    (bo,) = (user for user in found.users if user.user == BO)
    return bo


def codes(found: Verification) -> str:
    """The codes of the tenant, then those of Bo, each once; what everybody has in a fresh sandbox is left out."""
    told = [finding.code for finding in (*found.findings, *bo_of(found).findings)]
    return " ".join(code for code in dict.fromkeys(told) if code not in {"FLEX309", "FLEX353", "AUTH0410"})


def check_what_is_sent(lab: Lab, plan: Any, found: Verification) -> None:
    """The sandbox, whose expressions and Actions are other code, sends Bo what was computed; a NameID it must have.

    Every claim, and no other but where AUTH0411 says so.
    """
    told = set(codes(found).split())
    if NOT_COMPARED & told:
        return
    bo, sent = bo_of(found), sign_in(lab, plan, BO)
    if "FLEX038" in told:
        # What would be sent is computed all the same; the request never gets that far.
        assert sent is None
        return
    assert (sent.name_id if sent else "") == (bo.name_id or "")
    if sent:
        assert {name: sent.attributes.get(name) for name in bo.attributes} == bo.attributes
        assert "AUTH0411" in told or sent.attributes.keys() == bo.attributes.keys()


def test_an_apply_leaves_everybody_able_to_sign_in(tenancy: Tenancy, lab: Lab) -> None:
    """More people than are asked for one by one; the claims are the plan's; nothing is written."""
    tenancy.settle(lab)
    plan = lab.plan(tenancy.plan(CROWD))
    lab.apply(plan)
    writes = len(lab.writes())

    found = lab.verify(plan)

    assert found.is_clean
    assert not found.findings
    assert [user.user for user in found.users] == [user.name_id for user in found.users] == list(CROWD.people)
    roles = {user.user: ",".join(user.attributes["roles"]).split(",") for user in found.users}
    assert roles == {login: sorted(roles) for login, roles in CROWD.people.items()}
    assert all(user.attributes["email"] == (user.user,) for user in found.users)
    assert len(lab.writes()) == writes


def test_nobody_can_sign_in_before_the_first_apply(tenancy: Tenancy, lab: Lab) -> None:
    """There is no application, which is told once."""
    found = lab.verify(lab.plan(tenancy.plan(TEAM)))

    assert [finding.code for finding in found.findings] == ["FLEX354"]
    assert not any(user.ok or user.findings for user in found.users)


@pytest.mark.parametrize(("years", "code"), [(9, ""), (9.9, "FLEX358"), (14, "FLEX357")])
def test_a_certificate_that_ends_is_told(years: float, code: str, lab: Lab) -> None:
    """In time, and after it ended."""
    plan = lab.plan(OKTA)
    lab.apply(plan)

    assert codes(lab.verify(plan, after=timedelta(days=365 * years))) == code


# Okta


def the_app(lab: Lab) -> Any:
    (app,) = (each for each in lab.state()["okta"]["apps"] if each["label"] == "Twilio Flex")
    return lab.call("GET", f"/api/v1/apps/{app['id']}")


def okta_id(lab: Lab, kind: str, name: str) -> str:
    there = lab.state()["okta"][kind]
    (found,) = (each["id"] for each in there if name in (each["profile"].get("login"), each["profile"].get("name")))
    return str(found)


def sign_on(**fields: Any) -> Hand:
    def hand(lab: Lab) -> None:
        app = the_app(lab)
        app["settings"]["signOn"] |= fields
        lab.call("PUT", f"/api/v1/apps/{app['id']}", json=app)

    return hand


def roles_from(**fields: Any) -> Hand:
    """Somebody writes the statement of the roles anew."""

    def hand(lab: Lab) -> None:
        statements = the_app(lab)["settings"]["signOn"]["attributeStatements"]
        roles = {"type": "EXPRESSION", "name": "roles", "namespace": BASIC, **fields}
        others = [each for each in statements if each["name"] != "roles"]
        sign_on(attributeStatements=[*others, roles])(lab)

    return hand


def bos(profile: dict[str, Any]) -> Hand:
    return lambda lab: lab.call("POST", f"/api/v1/users/{BO}", json={"profile": profile})


def roles_are_groups(lab: Lab) -> None:
    """The roles come from groups of that name."""
    for login, role in ((BO, "supervisor"), (ANA, "admin")):
        group = lab.call("POST", "/api/v1/groups", json={"profile": {"name": role}})["id"]
        lab.call("PUT", f"/api/v1/groups/{group}/users/{okta_id(lab, 'users', login)}")
    roles_from(type="GROUP", filterType="REGEX", filterValue="^(agent|admin|supervisor)$")(lab)


def expelled(lab: Lab) -> None:
    group, user = okta_id(lab, "groups", "Flex Agents"), okta_id(lab, "users", BO)
    lab.call("DELETE", f"/api/v1/groups/{group}/users/{user}")


def unassigned(lab: Lab) -> None:
    lab.call("DELETE", f"/api/v1/apps/{the_app(lab)['id']}/groups/{okta_id(lab, 'groups', 'Flex Agents')}")


def deactivated(lab: Lab) -> None:
    lab.call("POST", f"/api/v1/apps/{the_app(lab)['id']}/lifecycle/deactivate")


def another_key(lab: Lab) -> None:
    app = the_app(lab)
    key = lab.call("POST", f"/api/v1/apps/{app['id']}/credentials/keys/generate?validityYears=2")
    app["credentials"]["signing"]["kid"] = key["kid"]
    lab.call("PUT", f"/api/v1/apps/{app['id']}", json=app)


OKTA_HANDS: list[tuple[Hand, str]] = [
    (bos({"userType": None}), "FLEX302"),
    (bos({"userType": ","}), "FLEX302"),
    (bos({"userType": "Agent"}), "FLEX305"),
    (bos({"lastName": "Li\x1b[31m"}), "FLEX313"),
    (bos({"lastName": "Li", "userType": "wfo.team_leader"}), "FLEX307 FLEX308"),
    (expelled, "FLEX351"),
    (unassigned, "OKTA401 FLEX351"),
    (deactivated, "FLEX355"),
    (another_key, "FLEX356"),
    (lambda lab: lab.call("POST", f"/api/v1/users/{okta_id(lab, 'users', BO)}/lifecycle/deactivate"), "FLEX352"),
    (sign_on(responseSigned=False), "FLEX030"),
    (sp_certificate(samlSignedRequestEnabled=True), "FLEX038"),
    (sign_on(signatureAlgorithm="RSA_SHA1"), "FLEX032"),
    (sign_on(audience="urn:flex:JQ" + "9" * 32), "FLEX001"),
    (sign_on(subjectNameIdTemplate="${user.nickName}"), "FLEX320"),
    (sign_on(subjectNameIdTemplate="user.login"), "FLEX359"),
    (roles_from(values=["user.title"]), "FLEX302"),
    (roles_from(values=["agent"]), ""),
    (roles_from(values=["Arrays.flatten(user.userType)"]), ""),
    (roles_from(values=['isMemberOfGroupName("Flex Agents") ? "agent" : "admin"']), "FLEX359"),
    (roles_from(values=['String.append(user.title, "agent")']), "FLEX359"),
    (roles_are_groups, ""),
    (roles_from(type="GROUP", filterType="REGEX", filterValue="agent|supervisor"), "FLEX301"),
    (roles_from(type="GROUP", filterType="REGEX", filterValue="Flex"), "FLEX359"),
    (roles_from(type="GROUP", filterType="STARTS_WITH", filterValue="Flex Ag"), "FLEX305"),
]


@pytest.mark.parametrize(("hand", "told"), OKTA_HANDS)
def test_what_somebody_did_in_okta_is_told(hand: Hand, told: str, lab: Lab) -> None:
    """By hand, after the apply: each with what Flex, or Okta, makes of it."""
    plan = lab.plan(OKTA)
    lab.apply(plan)
    hand(lab)
    lab.clock.advance(60)

    found = lab.verify(plan)

    assert codes(found) == told
    assert found.is_clean == (told in ("", "FLEX032", "FLEX359"))
    check_what_is_sent(lab, plan, found)


def test_a_suspended_account_is_unsuspended(lab: Lab) -> None:
    """Which mails nobody, unlike reactivating one that is deactivated."""
    plan = lab.plan(OKTA)
    lab.apply(plan)
    sign_in(lab, plan, BO)
    lab.call("POST", f"/api/v1/users/{okta_id(lab, 'users', BO)}/lifecycle/suspend")

    (found,) = bo_of(lab.verify(plan)).findings

    assert (found.code, found.hint.partition(",")[0]) == ("FLEX352", "unsuspend the account in Okta")


# Auth0


def tenant(lab: Lab) -> Any:
    return lab.state()["auth0"]


def client(**fields: Any) -> Hand:
    """Somebody edits the SAML add-on; None takes a setting out of it."""

    def hand(lab: Lab) -> None:
        (there,) = (each for each in tenant(lab)["clients"] if each["name"] == "Twilio Flex")
        samlp = {name: value for name, value in {**there["addons"]["samlp"], **fields}.items() if value is not None}
        lab.call("PATCH", f"/api/v2/clients/{there['client_id']}", json={"addons": {"samlp": samlp}})

    return hand


def other_callback_first(lab: Lab) -> None:
    (there,) = (each for each in tenant(lab)["clients"] if each["name"] == "Twilio Flex")
    callbacks = {"callbacks": ["https://sp.example/acs", *there["callbacks"]]}
    lab.call("PATCH", f"/api/v2/clients/{there['client_id']}", json=callbacks)


def bo(**body: Any) -> Hand:
    def hand(lab: Lab) -> None:
        (user,) = (each for each in tenant(lab)["users"] if each["email"] == BO)
        lab.call("PATCH", f"/api/v2/users/{user['user_id']}", json=body)

    return hand


def deleted(lab: Lab) -> None:
    (user,) = (each for each in tenant(lab)["users"] if each["email"] == BO)
    lab.call("DELETE", f"/api/v2/users/{user['user_id']}")


def another_action(body: str, *, secrets: tuple[str, ...] = ()) -> Hand:
    """Somebody's own Action, after the plan's."""

    def hand(lab: Lab) -> None:
        made = {
            "name": "Audit",
            "supported_triggers": [{"id": "post-login", "version": "v3"}],
            "code": f"exports.onExecutePostLogin = async (event, api) => {{ {body} }};",
            "runtime": "node22",
            "deploy": True,
            "secrets": [{"name": name, "value": "x"} for name in secrets],
        }
        lab.call("POST", "/api/v2/actions/actions", json=made)
        bind(lab, "Flex SAML attributes", "Audit")

    return hand


def draft(lab: Lab) -> None:
    (action,) = tenant(lab)["actions"]
    lab.call("PATCH", f"/api/v2/actions/actions/{action['id']}", json={"code": f"{action['code']}// later"})


def action_deleted(lab: Lab) -> None:
    (action,) = tenant(lab)["actions"]
    lab.call("DELETE", f"/api/v2/actions/actions/{action['id']}?force=true")


def action_made_anew(lab: Lab) -> None:
    """And neither deployed nor put into the flow."""
    action_deleted(lab)
    made = {"name": "Flex SAML attributes", "supported_triggers": [{"id": "post-login", "version": "v3"}]}
    lab.call("POST", "/api/v2/actions/actions", json={**made, "code": "", "runtime": "node22"})


def connection_off(lab: Lab) -> None:
    (there,) = (each for each in tenant(lab)["clients"] if each["name"] == "Twilio Flex")
    (connection,) = lab.call("GET", f"/api/v2/connections?name={CONNECTION}")
    lines = [{"client_id": there["client_id"], "status": False}]
    lab.call("PATCH", f"/api/v2/connections/{connection['id']}/clients", json=lines)


AUTH0_HANDS: list[tuple[Hand, str]] = [
    (bo(app_metadata={"flex": {"roles": []}}), "AUTH0405"),
    (bo(app_metadata={"flex": {"roles": "agent"}}), ""),
    (bo(blocked=True), "FLEX352"),
    (deleted, "FLEX350"),
    (connection_off, "AUTH0409"),
    (bind, "AUTH0402 FLEX301"),
    (draft, "AUTH0404"),
    (action_deleted, "AUTH0401 FLEX301"),
    (action_made_anew, "AUTH0403 AUTH0402 FLEX301"),
    (lambda lab: lab.call("POST", "/api/v2/keys/signing/rotate"), "FLEX356"),
    (client(signResponse=False), "FLEX030"),
    (client(signingCert="PEM"), "FLEX038"),
    (client(signatureAlgorithm=None, digestAlgorithm="sha1"), "FLEX032"),
    (client(audience="urn:flex:JQ" + "9" * 32), "FLEX001"),
    (client(audience=None, recipient=None, destination=None), ""),
    (other_callback_first, "FLEX001"),
    (client(mapIdentities=True), "AUTH0411"),
    (client(mappings=None, nameIdentifierProbes=None), "FLEX322"),
    (client(nameIdentifierProbes=["urn:nothing"]), "FLEX320"),
    (client(mappings={"email": "mail", "name": ["full", "whole"]}, nameIdentifierProbes=["mail"]), "FLEX304"),
    (another_action('console.log("seen")'), ""),
    (another_action('api.samlResponse.setAttribute("roles", ["agent"])'), "AUTH0408"),
    (another_action('api.samlResponse.setAttribute("roles", event.user.nickname || null)'), "AUTH0408 FLEX305"),
    (another_action('api.samlResponse.setAttribute("email", event.user.username || null)'), "AUTH0408 FLEX310"),
    (another_action('api.samlResponse.setAttribute("roles", undefined)'), "AUTH0408 FLEX301"),
    (another_action("api.samlResponse.setSignResponse(false)"), "FLEX030"),
    (another_action('api.access.deny("closed")'), "AUTH0405"),
    (another_action("event.user.app_metadata.crm.id"), "AUTH0406"),
    (another_action("await fetch(event.secrets.URL)", secrets=("URL",)), "AUTH0407"),
    (another_action("while (true);"), "AUTH0407"),
    (another_action("const all = []; for (;;) all.push(new Array(1e5).fill(all.length))"), "AUTH0407"),
    (another_action("if (event.request.geoip.countryCode !== 'DE') api.access.deny('no')"), "AUTH0407"),
]


@pytest.mark.parametrize(("hand", "told"), AUTH0_HANDS)
def test_what_somebody_did_in_auth0_is_told(hand: Hand, told: str, lab: Lab) -> None:
    """By hand, after the apply: each with what Flex, or Auth0, makes of it."""
    plan = lab.plan(AUTH0)
    lab.apply(plan)
    bo(password=PASSWORD, connection=CONNECTION)(lab)
    hand(lab)
    lab.clock.advance(60)

    found = lab.verify(plan)

    assert codes(found) == told
    warnings = ("", "FLEX032", "FLEX304", "FLEX322", "AUTH0404", "AUTH0407", "AUTH0408", "AUTH0411")
    assert found.is_clean == (told in warnings)
    check_what_is_sent(lab, plan, found)


def test_own_code_that_needs_a_secret_is_not_computed(lab: Lab) -> None:
    """The plan's own Action is all that Flex gets its claims from: nothing is known then, which is no error."""
    document = json.loads(AUTH0)
    del document["action"]["attributes"]
    document["action"]["code_file"] = "own.js"
    code = 'exports.onExecutePostLogin = async (event, api) => { if (event.secrets.KEY) api.access.deny("no"); };'
    (lab.folder / "own.js").write_text(code, encoding="utf-8")
    plan = lab.plan(json.dumps(document))
    lab.apply(plan)

    found = lab.verify(plan)

    assert (codes(found), found.is_clean, bo_of(found).known) == ("FLEX359", True, False)
