"""Hand-made changes in an Okta org: those that a check of drift tells, and those that it must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conformance.drift_cases import Case, Hand, Row
from tests.conformance.okta import BASIC, MARK, Okta, saml_app
from tests.conformance.suite import TEAM
from tests.lab import Lab

PLAN = Okta().plan(TEAM)
APP, GROUP, ASSIGNED = "application:Twilio Flex", "group:Flex Agents", "assignment:Flex Agents"
ANA, BO, EVE = "user:ana@acme.example", "user:bo@acme.example", "eve@acme.example"
SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


def the_app(lab: Lab) -> Any:
    (app,) = (each for each in lab.state()["okta"]["apps"] if MARK in str(each["settings"].get("notes")))
    return lab.call("GET", f"/api/v1/apps/{app['id']}")


def the_group(lab: Lab) -> str:
    (found,) = (each for each in lab.state()["okta"]["groups"] if each["profile"]["name"] == "Flex Agents")
    return str(found["id"])


def app(edit: Callable[[Any], object]) -> Hand:
    """Saves the application with this edited."""

    def hand(lab: Lab) -> None:
        there = the_app(lab)
        edit(there)
        lab.call("PUT", f"/api/v1/apps/{there['id']}", json=there)

    return hand


def sign_on(**fields: Any) -> Hand:
    return app(lambda there: there["settings"]["signOn"].update(fields))


def sp_certificate(**fields: Any) -> Hand:
    """Any certificate stands in for the one that somebody takes for Flex's."""

    def hand(lab: Lab) -> None:
        (key, *_) = lab.call("GET", f"/api/v1/apps/{the_app(lab)['id']}/credentials/keys")
        sign_on(spCertificate={"x5c": key["x5c"]}, **fields)(lab)

    return hand


def statements(edit: Callable[[list[Any]], object]) -> Hand:
    return app(lambda there: edit(there["settings"]["signOn"]["attributeStatements"]))


def without(name: str) -> Hand:
    return statements(lambda there: there.remove(next(each for each in there if each["name"] == name)))


def statement(name: str, **fields: Any) -> Hand:
    return statements(lambda there: next(each for each in there if each["name"] == name).update(fields))


def lifecycle(*steps: str) -> Hand:
    def hand(lab: Lab) -> None:
        there = the_app(lab)
        for step in steps:
            lab.call("POST", f"/api/v1/apps/{there['id']}/lifecycle/{step}")

    return hand


def delete_app(lab: Lab) -> None:
    there = the_app(lab)
    lab.call("POST", f"/api/v1/apps/{there['id']}/lifecycle/deactivate")
    lab.call("DELETE", f"/api/v1/apps/{there['id']}")


def profile(whose: str, **fields: Any) -> Hand:
    return lambda lab: lab.call("POST", f"/api/v1/users/{whose}", json={"profile": fields})


def account(login: str, *steps: str) -> Hand:
    def hand(lab: Lab) -> None:
        id_ = lab.call("GET", f"/api/v1/users/{login}")["id"]
        for step in steps:
            lab.call("POST", f"/api/v1/users/{id_}/lifecycle/{step}")

    return hand


def suspend(lab: Lab) -> None:
    """Only who is active can be; a password makes Bo so."""
    password("bo@acme.example")(lab)
    account("bo@acme.example", "deactivate", "activate?sendEmail=false", "suspend")(lab)


def password(login: str) -> Hand:
    body = {"credentials": {"password": {"value": "Correct2Horse"}}}
    return lambda lab: lab.call("POST", f"/api/v1/users/{login}", json=body)


def delete_user(login: str) -> Hand:
    def hand(lab: Lab) -> None:
        id_ = lab.call("GET", f"/api/v1/users/{login}")["id"]
        lab.call("DELETE", f"/api/v1/users/{id_}")
        lab.call("DELETE", f"/api/v1/users/{id_}")

    return hand


def stranger(lab: Lab, *groups: str, login: str = EVE) -> str:
    names = {"login": login, "email": login, "firstName": "Eve", "lastName": "Doe", "userType": "agent"}
    body = {"profile": names, "credentials": {"password": {"value": "Correct1Horse"}}, "groupIds": list(groups)}
    return str(lab.call("POST", "/api/v1/users", json=body)["id"])


def group(lab: Lab, name: str = "Berlin", description: str = "") -> str:
    body = {"profile": {"name": name, "description": description}}
    return str(lab.call("POST", "/api/v1/groups", json=body)["id"])


def member(method: str, login: str) -> Hand:
    def hand(lab: Lab) -> None:
        id_ = lab.call("GET", f"/api/v1/users/{login}")["id"]
        lab.call(method, f"/api/v1/groups/{the_group(lab)}/users/{id_}")

    return hand


def describe_group(**fields: Any) -> Hand:
    def hand(lab: Lab) -> None:
        path = f"/api/v1/groups/{the_group(lab)}"
        there = lab.call("GET", path)["profile"]
        lab.call("PUT", path, json={"profile": {**there, **fields}})

    return hand


def assigned(method: str, group_of: Callable[[Lab], str], **body: Any) -> Hand:
    def hand(lab: Lab) -> None:
        json_ = {"json": body} if method == "PUT" else {}
        lab.call(method, f"/api/v1/apps/{the_app(lab)['id']}/groups/{group_of(lab)}", **json_)

    return hand


def assign_by_hand(lab: Lab, login: str = "") -> None:
    id_ = lab.call("GET", f"/api/v1/users/{login}")["id"] if login else stranger(lab)
    lab.call("POST", f"/api/v1/apps/{the_app(lab)['id']}/users", json={"id": id_, "scope": "USER"})


def user_name(lab: Lab) -> None:
    id_ = lab.call("GET", "/api/v1/users/ana@acme.example")["id"]
    body = {"credentials": {"userName": "bo@acme.example"}}
    lab.call("POST", f"/api/v1/apps/{the_app(lab)['id']}/users/{id_}", json=body)


def other_app(label: str, **fields: Any) -> Callable[[Lab], Any]:
    def hand(lab: Lab) -> Any:
        body = saml_app(label, [])
        body["settings"]["signOn"] |= fields
        return lab.call("POST", "/api/v1/apps", json=body)

    return hand


def rival(lab: Lab) -> None:
    ours = the_app(lab)["settings"]["signOn"]
    # Of the same label: of an org with several pages of applications not all are read.
    other_app("Twilio Flex", **{name: ours[name] for name in ("ssoAcsUrl", "recipient", "destination")})(lab)


def rival_on_request(lab: Lab) -> None:
    endpoints = [{"index": 0, "url": the_app(lab)["settings"]["signOn"]["ssoAcsUrl"]}]
    other_app("Twilio Flex", allowMultipleAcsEndpoints=True, acsEndpoints=endpoints)(lab)


def rule(lab: Lab, group_id: str) -> None:
    body = {
        "type": "group_rule",
        "name": "Everybody in sales",
        "conditions": {"expression": {"value": 'user.department=="sales"', "type": "urn:okta:expression:1.0"}},
        "actions": {"assignUserToGroups": {"groupIds": [group_id]}},
    }
    lab.call("POST", "/api/v1/groups/rules", json=body)


def new_key(lab: Lab) -> str:
    path = f"/api/v1/apps/{the_app(lab)['id']}/credentials/keys/generate?validityYears=5"
    return str(lab.call("POST", path)["kid"])


def use_new_key(lab: Lab) -> None:
    kid = new_key(lab)
    app(lambda there: there["credentials"]["signing"].update(kid=kid))(lab)


def swap(there: list[Any]) -> None:
    there.reverse()


def note(edit: Callable[[str], str]) -> Hand:
    return app(lambda there: there["settings"]["notes"].update(admin=edit(there["settings"]["notes"]["admin"])))


def drifted(fields: str, sentence: str) -> tuple[Row, ...]:
    """One edited application."""
    return (Row("drifted", APP, fields, sentence),)


def person(cls: str, address: str, fields: str, sentence: str) -> tuple[Row, ...]:
    return (Row(cls, address, fields, sentence),)


_NOBODY = "Nobody can sign in"
_NEW = "Agents become new workers"
_NO_ASSIGNMENT = Row("missing", ASSIGNED, "", "Nobody of the group can sign in")
_NO_GROUP = Row("missing", GROUP, "", "Nobody can sign in to Flex: the group")
_NO_MEMBERS = tuple(
    Row("missing", f"membership:{login}", "", "This person cannot sign in to Flex.") for login in TEAM.people
)
_SAME_ROLES = "Agents notice nothing: Flex takes the same roles from it."
_UNNAMED = "The plan does not name this person, who is in the group whose members are to sign in to Flex"

TOLD = [
    Case(
        "the application is deactivated, and its assignments cannot be seen",
        lifecycle("deactivate"),
        drifted("status", "Nobody can sign in to Flex: the application is inactive."),
    ),
    Case(
        "the application is deleted, and the mark with it",
        delete_app,
        (Row("missing", APP, "", "Nobody can sign in to Flex: there is no application."), _NO_ASSIGNMENT),
        certificates=" ",
    ),
    Case("the application is renamed", app(lambda a: a.update(label="Flex (old)")), drifted("label", "Agents see an")),
    Case(
        "another ACS URL", sign_on(ssoAcsUrl="https://x.example/acs"), drifted("acs_url recipient destination", _NOBODY)
    ),
    Case("another recipient", sign_on(recipient="https://x.example/acs"), drifted("recipient", _NOBODY)),
    Case("another destination", sign_on(destination="https://x.example/acs"), drifted("destination", _NOBODY)),
    Case(
        "a further ACS URL",
        sign_on(allowMultipleAcsEndpoints=True, acsEndpoints=[{"index": 0, "url": "https://x.example/acs"}]),
        drifted("further_acs_urls", "A login can have its assertion sent to somebody else"),
    ),
    Case(
        "requests must be signed",
        sp_certificate(samlSignedRequestEnabled=True),
        drifted("signed_requests", "Nobody can sign in from Flex's own page: Okta refuses its requests"),
    ),
    Case(
        "further ACS URLs allowed",
        sign_on(allowMultipleAcsEndpoints=True),
        drifted("further_acs_urls", "Sign-in to Flex works in another way"),
    ),
    Case(
        "another audience",
        sign_on(audience="urn:flex:other"),
        drifted("audience", "Nobody can sign in: Flex refuses a"),
    ),
    Case("another issuer", sign_on(idpIssuer="urn:acme"), drifted("issuer", "Nobody can sign in: Flex knows")),
    Case(
        "another format of the NameID",
        sign_on(subjectNameIdFormat="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
        drifted("name_id.format", _NEW),
    ),
    Case("another NameID", sign_on(subjectNameIdTemplate="${user.email}"), drifted("name_id.template", _NEW)),
    Case(
        "another application username",
        app(lambda a: a["credentials"]["userNameTemplate"].update(template="${source.email}")),
        drifted("username", _NEW),
    ),
    Case(
        "a suffix to the application username",
        app(lambda a: a["credentials"]["userNameTemplate"].update(userSuffix="@x.example")),
        drifted("username", _NEW),
    ),
    Case(
        "the application username of another type",
        app(lambda a: a["credentials"]["userNameTemplate"].update(type="CUSTOM")),
        drifted("username_type", "User names are made by another rule"),
    ),
    Case(
        "the response unsigned", sign_on(responseSigned=False), drifted("response_signed", "Nobody can sign in: Flex r")
    ),
    Case(
        "the assertion unsigned", sign_on(assertionSigned=False), drifted("assertion_signed", "Agents notice nothing")
    ),
    Case("signed with SHA-1", sign_on(signatureAlgorithm="RSA_SHA1"), drifted("signature_algorithm", "Signatures are")),
    Case("digests with SHA-1", sign_on(digestAlgorithm="SHA1"), drifted("digest_algorithm", "Signatures are weaker")),
    Case("a relay state", sign_on(defaultRelayState="https://x.example"), drifted("relay_state", "Agents who start")),
    Case("no forced sign-in", sign_on(honorForceAuthn=False), drifted("honor_force_authn", "Agents are asked")),
    Case(
        "another authentication context",
        sign_on(authnContextClassRef="urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos"),
        drifted("authn_context", "Agents are asked for their password"),
    ),
    Case(
        "the roles from another attribute",
        statement("roles", values=["user.title"]),
        drifted("attribute_statements.roles", "Agents get other roles at the next sign-in"),
    ),
    Case(
        "the roles from groups",
        statements(
            lambda there: (
                there.append(
                    {
                        **{"type": "GROUP", "name": "roles", "namespace": BASIC},
                        **{"filterType": "STARTS_WITH", "filterValue": "flex-"},
                        "was": there.remove(next(each for each in there if each["name"] == "roles")),
                    }
                )
                or there[-1].pop("was")
            )
        ),
        drifted("attribute_statements.roles", "Agents get other roles at the next sign-in"),
    ),
    Case(
        "no roles", without("roles"), drifted("attribute_statements.roles", "Nobody can sign in: Flex refuses logins")
    ),
    Case(
        "no e-mail address",
        without("email"),
        drifted("attribute_statements.email", "Nobody can sign in: Flex refuses logins"),
    ),
    Case(
        "no name",
        without("full_name"),
        drifted("attribute_statements.full_name", "Nobody can sign in: Flex refuses lo"),
    ),
    Case(
        "another name",
        statement("full_name", values=["user.displayName"]),
        drifted("attribute_statements.full_name", "Workers get other details"),
    ),
    Case("no picture", without("image_url"), drifted("attribute_statements.image_url", "Workers get other attributes")),
    Case(
        "another format of a claim",
        statement("email", namespace=BASIC.replace("basic", "unspecified")),
        drifted("attribute_statements.email", "Workers get other details"),
    ),
    Case(
        "one claim more",
        statements(
            lambda there: there.append(
                {"type": "EXPRESSION", "name": "team", "namespace": BASIC, "values": ["user.division"]}
            )
        ),
        drifted("attribute_statements.*", "Workers get other attributes"),
    ),
    Case(
        "two things at once: the worse is told",
        sign_on(audience="urn:other", honorForceAuthn=False),
        drifted("audience honor_force_authn", "Nobody can sign in: Flex refuses assertions"),
    ),
    Case("the group unassigned", assigned("DELETE", the_group), (_NO_ASSIGNMENT,)),
    Case(
        "the group deleted",
        lambda lab: lab.call("DELETE", f"/api/v1/groups/{the_group(lab)}"),
        (_NO_GROUP, _NO_ASSIGNMENT, *_NO_MEMBERS),
    ),
    Case(
        "the group renamed",
        describe_group(name="Agents of Flex"),
        (Row("drifted", GROUP, "name", "Agents notice nothing: the group lets in whom it did."),),
    ),
    Case(
        "the group renamed, and somebody put into it",
        lambda lab: (stranger(lab, the_group(lab)), describe_group(name="flex agents")(lab)),
        (
            Row("drifted", GROUP, "name", "Agents notice nothing: the group lets in whom it did."),
            Row("drifted", f"membership:{EVE}", "", _UNNAMED),
        ),
    ),
    Case(
        "the group renamed, and another one called as it was",
        lambda lab: (describe_group(name="Agents of Flex")(lab), group(lab, "Flex Agents")),
        (Row("drifted", GROUP, "name", "Agents notice nothing: the group lets in whom it did."),),
    ),
    Case(
        "the group renamed, and another one called as it was and assigned, too",
        lambda lab: (
            describe_group(name="Agents of Flex")(lab),
            assigned("PUT", lambda _: group(lab, "Flex Agents"))(lab),
        ),
        (Row("drifted", GROUP, "name", "Agents notice nothing: the group lets in whom it did."),),
        unmanaged="FLEX215",
    ),
    Case("the group without its mark", describe_group(description="Our agents"), unmanaged="FLEX211"),
    Case(
        "the group without its mark, and somebody put into it",
        lambda lab: (describe_group(description="Our agents")(lab), stranger(lab, the_group(lab))),
        unmanaged="FLEX211 FLEX220",
    ),
    Case("somebody taken out of the group", member("DELETE", "bo@acme.example"), _NO_MEMBERS[1:]),
    Case(
        "somebody put into the group",
        lambda lab: stranger(lab, the_group(lab)),
        person("drifted", f"membership:{EVE}", "", f"{_UNNAMED}."),
    ),
    Case(
        "somebody put into the group, and suspended",
        lambda lab: (stranger(lab, the_group(lab)), account(EVE, "suspend")(lab)),
        person("drifted", f"membership:{EVE}", "", f"{_UNNAMED}; nothing comes of it while the account is suspended."),
    ),
    Case(
        "another role",
        profile("bo@acme.example", userType="admin"),
        person("drifted", BO, "roles", "This person has other rights in Flex"),
    ),
    Case(
        "one role more",
        profile("bo@acme.example", userType="agent,supervisor,admin"),
        person("drifted", BO, "roles", "This person has other rights in Flex"),
    ),
    Case(
        "a blank among the roles",
        profile("bo@acme.example", userType="agent, supervisor"),
        person("drifted", BO, "roles", _SAME_ROLES),
    ),
    Case(
        "a blank in front of the roles",
        profile("bo@acme.example", userType=" agent,supervisor"),
        person("drifted", BO, "roles", "This person has other rights in Flex"),
    ),
    Case(
        "a role twice",
        profile("bo@acme.example", userType="supervisor,agent,supervisor,"),
        person("drifted", BO, "roles", _SAME_ROLES),
    ),
    Case(
        "a role twice, and another first name",
        profile("bo@acme.example", userType="supervisor,agent,supervisor", firstName="Bob"),
        person("drifted", BO, "roles first_name", "This person's worker gets other details"),
    ),
    Case(
        "no role of Flex",
        profile("bo@acme.example", userType="Agent,boss"),
        person("drifted", BO, "roles", "This person cannot sign in to Flex: none of these is a role of Flex."),
    ),
    Case(
        "an Insights role alone",
        profile("bo@acme.example", userType="wfo.team_leader"),
        person("drifted", BO, "roles", "This person cannot work in Flex: none of these is agent, supervisor or admin."),
    ),
    Case(
        "no role",
        profile("bo@acme.example", userType=None),
        person("drifted", BO, "roles", "This person cannot sign in to Flex: there are no roles."),
    ),
    Case(
        "a comma alone",
        profile("bo@acme.example", userType=","),
        person("drifted", BO, "roles", "This person cannot sign in to Flex: there are no roles."),
    ),
    Case(
        "another first name",
        profile("ana@acme.example", firstName="Anna"),
        person("drifted", ANA, "first_name", "This person's worker gets other details"),
    ),
    Case(
        "another family name",
        profile("ana@acme.example", lastName="Diaz"),
        person("drifted", ANA, "last_name", "This person's worker gets other details"),
    ),
    Case(
        "somebody suspended",
        suspend,
        person("drifted", BO, "status", "This person cannot sign in to anything"),
    ),
    Case(
        "somebody deactivated",
        account("bo@acme.example", "deactivate"),
        person("drifted", BO, "status", "This person cannot sign in to anything"),
    ),
    Case(
        "somebody deleted",
        delete_user("bo@acme.example"),
        person("missing", BO, "", "This person cannot sign in: there is no account."),
    ),
    Case(
        "another login",
        profile("bo@acme.example", login="bob@acme.example"),
        (
            Row("missing", BO, "", "This person cannot sign in: there is no account."),
            Row("drifted", "membership:bob@acme.example", "", _UNNAMED),
        ),
    ),
    Case("another key signs", use_new_key, certificates="changed"),
    Case("a key waits", new_key, certificates="current next"),
    Case("somebody assigned by hand", assign_by_hand, unmanaged="FLEX216"),
    Case(
        "somebody of the plan with another user name in the application",
        user_name,
        person("drifted", ANA, "application_username", "This person may come to Flex as somebody else"),
    ),
    Case("another group assigned", assigned("PUT", group), unmanaged="FLEX215"),
    Case("a second application for the connection", rival, unmanaged="FLEX213"),
    Case("a second application that posts to the connection on request", rival_on_request, unmanaged="FLEX213"),
    Case("a rule that fills the group", lambda lab: rule(lab, the_group(lab)), unmanaged="FLEX218"),
]


def app_user(lab: Lab) -> None:
    assign_by_hand(lab, "ana@acme.example")


def other_group_of_ana(lab: Lab) -> None:
    id_ = lab.call("GET", "/api/v1/users/ana@acme.example")["id"]
    lab.call("PUT", f"/api/v1/groups/{group(lab)}/users/{id_}")


def somebody_else(*steps: str, **fields: Any) -> Hand:
    def hand(lab: Lab) -> None:
        stranger(lab, group(lab))
        account(EVE, *steps)(lab)
        profile(EVE, **fields)(lab) if fields else None

    return hand


def other_app_then(method: str, path: str = "", **fields: Any) -> Hand:
    def hand(lab: Lab) -> None:
        there = other_app("Payroll")(lab)
        lab.call(method, f"/api/v1/apps/{there['id']}{path}", **({"json": {**there, **fields}} if fields else {}))

    return hand


def payroll_for_our_group(lab: Lab) -> None:
    there = other_app("Payroll")(lab)
    lab.call("PUT", f"/api/v1/apps/{there['id']}/groups/{the_group(lab)}", json={})


def a_custom_attribute(lab: Lab) -> None:
    definition = {"title": "Shoe size", "type": "string"}
    body = {"definitions": {"custom": {"properties": {"shoeSize": definition}}}}
    lab.call("POST", "/api/v1/meta/schemas/user/default", json=body)


def read_everything(lab: Lab) -> None:
    for path in ("apps", "groups", "users", "users/ana@acme.example", f"apps/{the_app(lab)['id']}/users"):
        lab.call("GET", f"/api/v1/{path}")


def ours(edit: Callable[[Any], object], what: str) -> Case:
    return Case(what, app(edit))


UNTOLD = [
    Case("nothing at all", lambda _: None),
    Case("everything was read", read_everything),
    ours(lambda a: None, "the application saved as it is: another time of its last update"),
    ours(lambda a: swap(a["settings"]["signOn"]["attributeStatements"]), "the statements in another order"),
    ours(lambda a: a["settings"]["signOn"].update(defaultRelayState=None), "no relay state, said as null"),
    ours(lambda a: a["settings"]["signOn"].pop("defaultRelayState"), "no relay state, not said at all"),
    ours(lambda a: a["settings"]["signOn"].pop("inlineHooks"), "no hooks, not said at all"),
    ours(lambda a: a["settings"]["signOn"].pop("acsEndpoints"), "no further ACS URLs, not said at all"),
    ours(lambda a: a["settings"]["signOn"].pop("samlSignedRequestEnabled"), "no signed requests, not said at all"),
    Case("a certificate for requests that need not be signed", sp_certificate()),
    ours(lambda a: a["settings"]["signOn"].pop("idpIssuer"), "the issuer that Okta adds by itself"),
    ours(lambda a: a["settings"]["signOn"].pop("assertionEncryption"), "no encryption, not said at all"),
    ours(lambda a: a["settings"]["signOn"].update(spIssuer="urn:twilio"), "a field that the plan does not name"),
    ours(lambda a: a["visibility"]["hide"].update(web=True), "hidden on the dashboard"),
    ours(lambda a: a["visibility"].update(autoSubmitToolbar=True), "the toolbar"),
    ours(lambda a: a["accessibility"].update(selfService=True), "self-service"),
    ours(lambda a: a["accessibility"].update(errorRedirectUrl="https://acme.example/help"), "a page for errors"),
    ours(lambda a: a["settings"]["notes"].update(enduser="For agents"), "a note for agents"),
    Case("lines of others around the mark", note(lambda text: f"Ask Zoe first.\n{text}\nReally.")),
    Case("deactivated for a moment", lifecycle("deactivate", "activate")),
    Case("the group described", describe_group(description="Agents of Berlin\nmanaged by provisioner, plan acme")),
    Case("the assignment's priority", assigned("PUT", the_group, priority=3)),
    Case("another application", other_app("Payroll")),
    Case("another application whose label begins alike", other_app("Twilio Flex Test")),
    Case("another application edited", other_app_then("PUT", label="Payroll 2")),
    Case("another application deactivated", other_app_then("POST", "/lifecycle/deactivate")),
    Case("another application for the plan's group", payroll_for_our_group),
    Case("another group", group),
    Case("another group whose name begins alike", lambda lab: group(lab, "Flex Agents Berlin")),
    Case("another group deleted", lambda lab: lab.call("DELETE", f"/api/v1/groups/{group(lab)}")),
    Case("somebody of the plan in another group, too", other_group_of_ana),
    Case("a rule for another group", lambda lab: rule(lab, group(lab))),
    Case("somebody of the plan assigned by hand", app_user),
    Case("somebody else hired", stranger),
    Case("somebody else hired and put elsewhere", somebody_else()),
    Case("somebody else suspended", somebody_else("suspend")),
    Case("somebody else deactivated", somebody_else("deactivate")),
    Case("somebody else with another role", somebody_else(userType="admin")),
    Case("somebody else deleted", lambda lab: (stranger(lab), delete_user(EVE)(lab))),
    Case("a nickname", profile("ana@acme.example", nickName="Annie")),
    Case("a phone", profile("ana@acme.example", mobilePhone="+49 30 1234567")),
    Case("a picture", profile("ana@acme.example", profileUrl="https://acme.example/ana.png")),
    Case("an e-mail address that the plan does not name", profile("ana@acme.example", email="ana.d@acme.example")),
    Case("a comma after the roles", profile("bo@acme.example", userType="agent,supervisor,")),
    Case("commas between the roles", profile("bo@acme.example", userType="agent,,supervisor, ")),
    Case("the roles in another order", profile("bo@acme.example", userType="supervisor,agent")),
    Case("the login in capitals", profile("ana@acme.example", login="Ana@ACME.example")),
    Case("a new password", password("ana@acme.example")),
    Case("an attribute for everybody's profile", a_custom_attribute),
]
