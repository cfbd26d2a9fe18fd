"""Hand-made changes in an Auth0 tenant: those that a check of drift tells, and those that it must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.conformance.auth0 import CONNECTION, Auth0, an_action, bind
from tests.conformance.drift_cases import Case, Hand, Row, wait
from tests.conformance.suite import TEAM
from tests.lab import Lab

ACTION_NAME = "Flex SAML attributes"
APP, ACTION, FLOW = "application:Twilio Flex", f"action:{ACTION_NAME}", f"binding:{ACTION_NAME}"
BO, EVE = "bo@acme.example", "eve@acme.example"
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"


def plan() -> str:
    """The team, of whom Ana's name and team are the plan's as well, and the claims as the subject's format says."""
    document = json.loads(Auth0().plan(TEAM))
    document["users"]["items"][0] |= {"name": "Ana Diaz", "user_metadata": {"team": "north"}}
    document["application"]["saml"] = {"name_id_format": "emailAddress"}
    return json.dumps(document)


PLAN = plan()


def client(lab: Lab) -> Any:
    (found,) = (
        each
        for each in lab.state()["auth0"]["clients"]
        if (each.get("client_metadata") or {}).get("provisioner_plan") == "acme"
    )
    return found


def app(**fields: Any) -> Hand:
    """Saves these fields of the application."""
    return lambda lab: lab.call("PATCH", f"/api/v2/clients/{client(lab)['client_id']}", json=fields)


def samlp(edit: Callable[[Any], object]) -> Hand:
    """Saves the application with its SAML add-on edited, which is written as a whole."""

    def hand(lab: Lab) -> None:
        there = client(lab)["addons"]["samlp"]
        edit(there)
        app(addons={"samlp": there})(lab)

    return hand


def saml(**fields: Any) -> Hand:
    return samlp(lambda there: there.update(fields))


def callbacks(edit: Callable[[list[str]], list[str]]) -> Hand:
    return lambda lab: app(callbacks=edit(client(lab)["callbacks"]))(lab)


def the_action(lab: Lab) -> str:
    (found,) = (each for each in lab.state()["auth0"]["actions"] if each["name"] == ACTION_NAME)
    return str(found["id"])


def action(*, deploy: bool = True, **fields: Any) -> Hand:
    """Saves the Action with these fields, and deploys it."""

    def hand(lab: Lab) -> None:
        path = f"/api/v2/actions/actions/{the_action(lab)}"
        lab.call("PATCH", path, json=fields)
        wait(lab)
        if deploy:
            lab.call("POST", f"{path}/deploy")
            wait(lab)

    return hand


def twice(*hands: Hand) -> Hand:
    def hand(lab: Lab) -> None:
        for each in hands:
            each(lab)

    return hand


def code(edit: Callable[[str], str], *, deploy: bool = True) -> Hand:
    def hand(lab: Lab) -> None:
        there = lab.call("GET", f"/api/v2/actions/actions/{the_action(lab)}")["code"]
        action(deploy=deploy, code=edit(there))(lab)

    return hand


def flow(*names: str) -> Hand:
    return lambda lab: bind(lab, *names)


def delete_action(lab: Lab) -> None:
    bind(lab)
    lab.call("DELETE", f"/api/v2/actions/actions/{the_action(lab)}")


def make_action_anew(lab: Lab) -> None:
    there = lab.call("GET", f"/api/v2/actions/actions/{the_action(lab)}")
    delete_action(lab)
    body = {name: there[name] for name in ("name", "supported_triggers", "code", "runtime")}
    lab.call("POST", "/api/v2/actions/actions", json=body)


def called(*bindings: tuple[str, str]) -> Hand:
    """The flow with these Actions, by their names, each under what its binding is called."""

    def hand(lab: Lab) -> None:
        rows = [{"ref": {"type": "action_name", "value": name}, "display_name": shown} for name, shown in bindings]
        lab.call("PATCH", "/api/v2/actions/triggers/post-login/bindings", json={"bindings": rows})

    return hand


def other_action(name: str, body: str, *order: str) -> Hand:
    """An Action with this code, bound in this order."""

    def hand(lab: Lab) -> None:
        an_action(lab, name)
        (found,) = (each for each in lab.state()["auth0"]["actions"] if each["name"] == name)
        path = f"/api/v2/actions/actions/{found['id']}"
        lab.call("PATCH", path, json={"code": f"exports.onExecutePostLogin = async (event, api) => {{ {body} }};"})
        wait(lab)
        lab.call("POST", f"{path}/deploy")
        wait(lab)
        bind(lab, *order)

    return hand


def user_id(lab: Lab, email: str) -> str:
    (found,) = (each for each in lab.state()["auth0"]["users"] if each["email"] == email)
    return str(found["user_id"])


def person(whose: str, **fields: Any) -> Hand:
    return lambda lab: lab.call("PATCH", f"/api/v2/users/{user_id(lab, whose)}", json=fields)


def roles(email: str, value: Any) -> Hand:
    return person(email, app_metadata={"flex": {"roles": value}})


def hire(lab: Lab, email: str = EVE, **fields: Any) -> None:
    body = {"connection": CONNECTION, "email": email, "password": "Correct1Horse!", "verify_email": False}
    lab.call("POST", "/api/v2/users", json={**body, **fields})


def delete_user(email: str) -> Hand:
    return lambda lab: lab.call("DELETE", f"/api/v2/users/{user_id(lab, email)}")


def connections(**enabled: bool) -> Hand:
    """Enables or disables connections for the application."""

    def hand(lab: Lab) -> None:
        ids = {each["name"].partition("-")[0].lower(): each["id"] for each in lab.state()["auth0"]["connections"]}
        for name, is_on in enabled.items():
            body = [{"client_id": client(lab)["client_id"], "status": is_on}]
            lab.call("PATCH", f"/api/v2/connections/{ids[name]}/clients", json=body)

    return hand


def other_client(name: str, **fields: Any) -> Hand:
    return lambda lab: lab.call("POST", "/api/v2/clients", json={"name": name, **fields})


def rival(lab: Lab) -> None:
    other_client("Flex, too", callbacks=client(lab)["callbacks"], addons={"samlp": {"audience": "urn:x"}})(lab)


def rotate(lab: Lab) -> None:
    lab.call("POST", "/api/v2/keys/signing/rotate")


def map_more(lab: Lab) -> None:
    mapped = client(lab)["addons"]["samlp"]["mappings"]
    saml(mappings={**mapped, "name": f"{CLAIMS}name"})(lab)


def other_plan(lab: Lab) -> None:
    """Another plan's application, and somebody with roles of whom nobody knows whose they are."""
    other_client("Flex of the others", client_metadata={"provisioner_plan": "others"})(lab)
    hire(lab, app_metadata={"flex": {"roles": ["agent"]}})


def drifted(fields: str, sentence: str) -> tuple[Row, ...]:
    return (Row("drifted", APP, fields, sentence),)


def edited(fields: str, sentence: str) -> tuple[Row, ...]:
    return (Row("drifted", ACTION, fields, sentence),)


def about(email: str, cls: str, fields: str, sentence: str) -> tuple[Row, ...]:
    return (Row(cls, f"user:{email}", fields, sentence),)


_NOBODY = "Nobody can sign in"
_NO_CLAIMS = "Nobody can sign in: Flex gets no claims"
_NEW = "Agents become new workers at the next sign-in"
_LATER = "Agents notice nothing yet: the flow runs the plan's code."
_ATTRIBUTES = "Workers get attributes that are not planned"
_RIGHTS = "This person has other rights in Flex"
_NO_ROLES = "This person cannot sign in to Flex: there are no roles."
_UNKNOWN_ROLES = "This person cannot sign in to Flex: none of the roles is one of Flex's."
_AS_PLANNED = "Agents notice nothing: the Action sends the roles that are planned."
_UNNAMED = "This person can sign in to Flex, and the plan does not name them."
_UNBOUND = Row("drifted", FLOW, "order", _NO_CLAIMS)


TOLD = [
    Case(
        "the application is deleted, and the mark with it",
        lambda lab: lab.call("DELETE", f"/api/v2/clients/{client(lab)['client_id']}"),
        (Row("missing", APP, "", "Nobody can sign in to Flex: there is no application."),),
        certificates=" ",
    ),
    Case("the application is renamed", app(name="Flex (old)"), drifted("name", "Agents may see another name")),
    Case("another type of application", app(app_type="spa"), drifted("app_type", "Agents notice nothing")),
    Case("not OIDC conformant", app(oidc_conformant=False), drifted("oidc_conformant", "Logins by SAML are reported")),
    Case(
        "another callback first",
        callbacks(lambda c: ["https://x.example", *c]),
        drifted("acs_url", "Nobody can sign"),
        unmanaged="AUTH0212",
    ),
    Case("no callback", app(callbacks=[]), drifted("acs_url callbacks", "Nobody can sign in: responses go to another")),
    Case(
        "another ACS URL",
        app(callbacks=["https://x.example"]),
        drifted("acs_url callbacks", "Nobody can sign in: resp"),
        unmanaged="AUTH0212",
    ),
    Case(
        "another audience", saml(audience="urn:x"), drifted("saml.audience", "Nobody can sign in: Flex refuses asser")
    ),
    Case(
        "another recipient", saml(recipient="https://x.example"), drifted("saml.recipient", "Nobody can sign in: resp")
    ),
    Case(
        "another destination", saml(destination="https://x.example"), drifted("saml.destination", "Nobody can sign in")
    ),
    Case(
        "the response unsigned", saml(signResponse=False), drifted("saml.signResponse", "Nobody can sign in: Flex ref")
    ),
    Case(
        "another binding", saml(binding="urn:x"), drifted("saml.binding", "Nobody can sign in: Flex takes a response")
    ),
    Case(
        "signed with SHA-1", saml(signatureAlgorithm="rsa-sha1"), drifted("saml.signatureAlgorithm", "Signatures are w")
    ),
    Case("digests with SHA-1", saml(digestAlgorithm="sha1"), drifted("saml.digestAlgorithm", "Signatures are weaker")),
    Case("another NameID", saml(nameIdentifierProbes=[f"{CLAIMS}name"]), drifted("saml.nameIdentifierProbes", _NEW)),
    Case("another mapping", saml(mappings={"name": f"{CLAIMS}emailaddress"}), drifted("saml.mappings", _NEW)),
    Case(
        "another format of the NameID",
        saml(nameIdentifierFormat="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
        drifted("saml.nameIdentifierFormat", _NEW),
    ),
    Case("a mapping beside the NameID's", map_more, drifted("saml.mappings", _ATTRIBUTES)),
    Case(
        "an issuer set", saml(issuer="urn:x"), drifted("saml.issuer", "Nobody can sign in: Flex knows the identity pr")
    ),
    Case(
        "encrypted",
        saml(encryptionCert="PEM", encryptionPublicKey="PEM"),
        drifted("saml.encryptionCert saml.encryptionPublicKey", "Nobody can sign in: Flex cannot read an encrypted"),
    ),
    Case(
        "signed requests asked for",
        saml(signingCert="PEM"),
        drifted("saml.signingCert", "Nobody can sign in: Auth0 refuses requests without signature"),
    ),
    Case("the whole identity sent", saml(mapIdentities=True), drifted("saml.mapIdentities", _ATTRIBUTES)),
    Case(
        "all of the profile sent",
        saml(passthroughClaimsWithNoMapping=True),
        drifted("saml.passthroughClaimsWithNoMapping", _ATTRIBUTES),
    ),
    Case("unknown claims sent", saml(mapUnknownClaimsAsIs=True), drifted("saml.mapUnknownClaimsAsIs", _ATTRIBUTES)),
    Case("a UPN sent", saml(createUpnClaim=True), drifted("saml.createUpnClaim", _ATTRIBUTES)),
    Case(
        "the worst of several things",
        saml(audience="urn:x", createUpnClaim=True),
        drifted("saml.audience saml.createUpnClaim", "Nobody can sign in: Flex refuses assertions"),
    ),
    Case("a social connection enabled", connections(google=True), drifted("connections", "Others than planned may")),
    Case(
        "another connection in the place of the plan's",
        connections(google=True, username=False),
        drifted("connections", "Nobody of the plan can sign in: their connection is not enabled"),
    ),
    Case(
        "the connection disabled", connections(username=False), drifted("connections", "Nobody can sign in: no connec")
    ),
    Case(
        "the code edited, not deployed",
        code(lambda text: text + "// later\n", deploy=False),
        edited("code deployed", _LATER),
    ),
    Case(
        "the code edited and deployed",
        code(lambda text: text.replace('"email"', '"mail"')),
        edited("code", "Agents get what the edited code sends"),
    ),
    Case(
        "other code deployed, and the plan's put back into the draft",
        twice(code(lambda text: text + "// evil"), code(lambda text: text.removesuffix("// evil"), deploy=False)),
        edited("deployed deployed.code", "Agents get what the edited code sends"),
    ),
    Case(
        "other code deployed, and another draft",
        twice(code(lambda text: text + "// evil"), action(deploy=False, secrets=[{"name": "KEY", "value": "x"}])),
        edited("code secrets deployed deployed.code", "Agents get what the edited code sends"),
    ),
    Case(
        "a package deployed, and taken out of the draft",
        twice(action(dependencies=[{"name": "lodash", "version": "4.17.21"}]), action(deploy=False, dependencies=[])),
        edited("deployed deployed.dependencies", "Agents notice nothing: the generated code uses no packages."),
    ),
    Case("the draft saved as it is, not deployed", code(lambda text: text, deploy=False), edited("deployed", _LATER)),
    Case("another runtime", action(runtime="node18-actions"), edited("runtime", "Agents notice nothing, as long as")),
    Case(
        "a package added",
        action(dependencies=[{"name": "lodash", "version": "4.17.21"}]),
        edited("dependencies", "Agents notice nothing: the generated code uses no packages."),
    ),
    Case(
        "a secret added",
        action(secrets=[{"name": "KEY", "value": "x"}]),
        edited("secrets", "Agents notice nothing: the generated code uses no secrets."),
    ),
    Case("the Action unbound", flow(), (_UNBOUND,)),
    Case(
        "the Action unbound among others",
        other_action("Risk", "", "Risk"),
        (_UNBOUND,),
    ),
    Case(
        "the Action unbound, and another writes the response",
        other_action("Risk", 'api.samlResponse.setAttribute("roles", "admin")', "Risk"),
        (Row("drifted", FLOW, "order", "Agents get what other Actions set, and nothing of the plan's."),),
        unmanaged="AUTH0210",
    ),
    Case(
        "the Action made anew by hand, not deployed",
        make_action_anew,
        (Row("drifted", ACTION, "deployed", _NO_CLAIMS), _UNBOUND),
    ),
    Case(
        "the Action moved",
        other_action("Risk", "", ACTION_NAME, "Risk"),
        (Row("drifted", FLOW, "order", "Agents get what the last Action of the flow sets"),),
    ),
    Case("the Action deleted", delete_action, (Row("missing", ACTION, "", _NO_CLAIMS), _UNBOUND)),
    Case(
        "the Action renamed",
        action(name="Flex (old)"),
        edited("name", "Agents notice nothing: only the Dashboard"),
    ),
    Case(
        "the Action renamed, and another one called so",
        twice(action(name="Flex (old)"), lambda lab: an_action(lab, ACTION_NAME)),
        edited("name", "Agents notice nothing: only the Dashboard"),
    ),
    Case(
        "another Action after the plan's, in a binding that is called as the plan's",
        twice(
            other_action("Late", 'api.samlResponse.setAttribute("roles", "admin")', ACTION_NAME, "Late"),
            called((ACTION_NAME, ACTION_NAME), ("Late", ACTION_NAME)),
        ),
        (Row("drifted", FLOW, "order", "Agents get what the last Action of the flow sets"),),
        unmanaged="AUTH0201",
    ),
    Case("another role", roles(BO, ["agent", "admin"]), about(BO, "drifted", "roles", _RIGHTS)),
    Case("one role less", roles(BO, ["agent"]), about(BO, "drifted", "roles", _RIGHTS)),
    Case("a role as a text", roles(BO, "agent"), about(BO, "drifted", "roles", _RIGHTS)),
    Case("the roles as a text", roles(BO, "supervisor, agent"), about(BO, "drifted", "roles", _AS_PLANNED)),
    Case(
        "a role that Flex does not know beside the others",
        roles(BO, ["agent", "boss", "supervisor"]),
        about(BO, "drifted", "roles", _AS_PLANNED),
    ),
    Case("no role that Flex knows", roles(BO, ["Agent", {"a": 1}]), about(BO, "drifted", "roles", _UNKNOWN_ROLES)),
    Case("no role", roles(BO, []), about(BO, "drifted", "roles", _NO_ROLES)),
    Case("the roles' place gone", person(BO, app_metadata={"flex": None}), about(BO, "drifted", "roles", _NO_ROLES)),
    Case(
        "another name",
        person("ana@acme.example", name="Anna"),
        about("ana@acme.example", "drifted", "name", "This pers"),
    ),
    Case(
        "another team",
        person("ana@acme.example", user_metadata={"team": "south"}),
        about("ana@acme.example", "drifted", "user_metadata.team", "This person's worker gets other details"),
    ),
    Case(
        "somebody blocked", person(BO, blocked=True), about(BO, "drifted", "blocked", "This person cannot sign in to a")
    ),
    Case(
        "somebody deleted",
        delete_user(BO),
        about(BO, "missing", "", "This person cannot sign in: there is no account."),
    ),
    Case(
        "somebody else with a role",
        lambda lab: hire(lab, app_metadata={"flex": {"roles": ["agent"]}}),
        about(EVE, "drifted", "", _UNNAMED),
    ),
    Case(
        "somebody else with a role, who is blocked",
        lambda lab: hire(lab, app_metadata={"flex": {"roles": ["agent"]}}, blocked=True),
        about(EVE, "drifted", "", "Nothing, while the account is blocked"),
    ),
    Case(
        "another address",
        person(BO, email="bob@acme.example"),
        (
            *about(BO, "missing", "", "This person cannot sign in: there is no account."),
            *about("bob@acme.example", "drifted", "", _UNNAMED),
        ),
    ),
    Case("the key rotated", rotate, certificates="changed next"),
    Case(
        "another Action after the plan's that writes the response",
        other_action("Late", 'api.samlResponse.setAttribute("roles", "admin")', ACTION_NAME, "Late"),
        (Row("drifted", FLOW, "order", "Agents get what the last Action of the flow sets"),),
        unmanaged="AUTH0201",
    ),
    Case(
        "another Action before the plan's that sets a claim of its own",
        other_action("Early", "api.samlResponse.setAttribute('roles', 'admin')", "Early", ACTION_NAME),
        unmanaged="AUTH0210",
    ),
    Case(
        "a callback of others behind the ACS URL",
        callbacks(lambda c: [*c, "https://x.example"]),
        unmanaged="AUTH0212",
    ),
    Case("a second application for the connection", rival, unmanaged="FLEX213"),
    Case("another plan's people", other_plan, unmanaged="AUTH0208"),
]


def add_on(name: str) -> Hand:
    return app(addons={name: {"url": "https://rms.example"}})


def resave(lab: Lab) -> None:
    there = client(lab)
    app(callbacks=there["callbacks"], addons=there["addons"], name=there["name"])(lab)


def shuffled(there: dict[str, Any]) -> None:
    items = list(there.items())
    there.clear()
    there.update(reversed(items))


def read_everything(lab: Lab) -> None:
    for path in ("clients", "connections", "users", "keys/signing", "actions/triggers/post-login/bindings"):
        lab.call("GET", f"/api/v2/{path}")


def rebind(lab: Lab) -> None:
    bind(lab, ACTION_NAME)


_OURS_LAST = ("Risk", "Audit", ACTION_NAME)

UNTOLD = [
    Case("nothing at all", lambda _: None),
    Case("everything was read", read_everything),
    Case("the application saved as it is", resave),
    Case("the add-on's fields in another order", samlp(shuffled)),
    Case("a field of the add-on that the plan does not name", saml(lifetimeInSeconds=7200)),
    Case("another add-on", add_on("rms")),
    Case("a logout URL", app(allowed_logout_urls=["https://x.example"])),
    Case("a web origin", app(web_origins=["https://x.example"])),
    Case("a description", app(description="For agents")),
    Case("a logo", app(logo_uri="https://acme.example/logo.png")),
    Case("metadata of others", app(client_metadata={"owner": "Zoe"})),
    Case("the lifetime of ID tokens", app(jwt_configuration={"lifetime_in_seconds": 600})),
    Case(
        "the Action deployed once more",
        lambda lab: lab.call("POST", f"/api/v2/actions/actions/{the_action(lab)}/deploy"),
    ),
    Case("the code saved as it is", code(lambda text: text)),
    Case("the flow saved as it is: another id of the binding", rebind),
    Case("the binding called otherwise", called((ACTION_NAME, "Claims for Flex"))),
    Case("another Action before the plan's", other_action("Risk", "", "Risk", ACTION_NAME)),
    Case(
        "two others, in another order",
        twice(
            other_action("Risk", "", "Risk", ACTION_NAME),
            other_action("Audit", "", *_OURS_LAST),
            flow("Audit", "Risk", ACTION_NAME),
        ),
    ),
    Case(
        "another Action edited",
        twice(other_action("Risk", "", "Risk", ACTION_NAME), other_action("Audit", "// audit", *_OURS_LAST)),
    ),
    Case("another Action taken out of the flow", twice(other_action("Risk", "", "Risk", ACTION_NAME), rebind)),
    Case(
        "another Action in no flow, which writes the response",
        other_action("Idle", "api.samlResponse.x()", ACTION_NAME),
    ),
    Case(
        "another Action that sets other claims",
        other_action("Team", 'api.samlResponse.setAttribute("team", "x")', "Team", ACTION_NAME),
    ),
    Case("another application", other_client("Payroll")),
    Case("another application with a SAML add-on", other_client("Payroll", addons={"samlp": {"audience": "urn:x"}})),
    Case(
        "another application of the same address, without SAML",
        lambda lab: other_client("SPA", callbacks=client(lab)["callbacks"])(lab),
    ),
    Case("another plan's application", other_client("Flex 2", client_metadata={"provisioner_plan": "others"})),
    Case("somebody else hired", hire),
    Case("somebody else with metadata", lambda lab: hire(lab, app_metadata={"crm": {"id": 7}})),
    Case("somebody else with empty roles", lambda lab: hire(lab, app_metadata={"flex": {"roles": []}})),
    Case("somebody else blocked", twice(hire, person(EVE, blocked=True))),
    Case("somebody else deleted", twice(hire, delete_user(EVE))),
    Case("somebody else renamed", twice(hire, person(EVE, name="Eva"))),
    Case("a nickname", person(BO, nickname="Bobby")),
    Case("a name that the plan does not name", person(BO, name="Bo Li")),
    Case("a picture", person(BO, picture="https://acme.example/bo.png")),
    Case("a verified address", person(BO, email_verified=True)),
    Case("a new password", person(BO, password="Correct2Horse!", connection=CONNECTION)),
    Case("metadata of the person's own", person(BO, user_metadata={"theme": "dark"})),
    Case("metadata beside the plan's", person("ana@acme.example", user_metadata={"theme": "dark"})),
    Case("metadata of other programs", person(BO, app_metadata={"crm": {"id": 7}})),
    Case(
        "something beside the roles", person(BO, app_metadata={"flex": {"roles": ["agent", "supervisor"], "team": "n"}})
    ),
    Case("the roles in another order", roles(BO, ["supervisor", "agent"])),
]
