"""Connections, where users come from: make and list them, and change their options.

Which clients they are enabled for is changed elsewhere.
"""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import connection_options, errors, ids, paging, shapes
from provisioner.sandbox.auth0.shapes import FILLED, OBJECT, array, choice, flag, mapping, nullable, record, text, whole
from provisioner.sandbox.auth0.wire import JSON, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

DATABASE = "Username-Password-Authentication"
ALWAYS = ("id", "is_domain_connection", "authentication", "connected_accounts")
"""Fields that answers hold even where `fields` does not name them (replay: TestAccConnectionClient)."""
_READ = ("read:connections",)
_DATABASE_OPTIONS = {
    "mfa": {"active": True, "return_enroll_settings": True},
    "import_mode": False,
    "configuration": {},
    "customScripts": {},
    "passwordPolicy": "good",
    "password_history": {"size": 5, "enable": False},
    "strategy_version": 2,
    "requires_username": False,
    "password_dictionary": {"enable": False, "dictionary": []},
    "brute_force_protection": True,
    "password_no_personal_info": {"enable": False},
    "password_complexity_options": {"min_length": 8},
    "enabledDatabaseCustomization": False,
}
"""As recording 42 shows them, but for usernames, which a new tenant does without."""
_SOCIAL_OPTIONS = {"email": True, "profile": True, "scope": ["email", "profile"]}
_COMPLEXITY = record(
    {
        "min_length": whole(1, 72),
        "character_types": array(choice("uppercase", "lowercase", "number", "special")),
        "character_type_rule": choice("all", "three_of_four"),
    }
    | dict.fromkeys(("identical_characters", "sequential_characters", "max_length_exceeded"), FILLED)
)
_OTHER_RULES = ("dictionary", "history", "profile_data")
_OPTIONS = record(
    {
        "attributes": mapping(record(dict.fromkeys(("identifier", "signup"), OBJECT), extra=True), most=10),
        "authentication_methods": mapping(OBJECT, most=10),
        "password_options": record({"complexity": _COMPLEXITY} | dict.fromkeys(_OTHER_RULES, OBJECT)),
        "configuration": OBJECT,
        "password_complexity_options": nullable(record({"min_length": whole(1, 128)})),
        "requires_username": flag,
    },
    extra=True,
)
_FIELDS = {
    "display_name": text(most=128),
    "options": nullable(_OPTIONS),
    "enabled_clients": array(FILLED),
    "is_domain_connection": flag,
    "show_as_button": flag,
    "realms": array(FILLED),
    "metadata": mapping(nullable(text(most=255)), most=10),
    "authentication": record({"active": flag}, "active"),
    "connected_accounts": record({"active": flag, "cross_app_access": flag}, "active"),
    "cross_app_access_requesting_app": record({"active": flag}, "active"),
}
_NAME = text(most=128, pattern="^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$")
_CREATE = record(_FIELDS | {"name": _NAME, "strategy": FILLED}, "name", "strategy")
_UPDATE = record(_FIELDS, least=1)
"""OpenAPI: post_connections and patch_connections_by_id."""


def seed(visit: Visit) -> None:
    """The two connections of a new tenant: a database and a social one, both for every new client."""
    for name, strategy, options in (
        (DATABASE, "auth0", _DATABASE_OPTIONS),
        ("google-oauth2", "google-oauth2", _SOCIAL_OPTIONS),
    ):
        key = ids.prefixed("con")
        body = {"id": key, "options": options, "strategy": strategy, "name": name, "is_domain_connection": False}
        uses = {"authentication": {"active": True}, "connected_accounts": {"active": False}}
        save(visit, body | {"realms": [name]} | uses)
    set_enabled_for_new_clients(visit, True)


def save(visit: Visit, connection: Body) -> None:
    """Write the connection."""
    visit.documents.put("connection", connection["id"], connection, name=connection["name"])


def set_enabled_for_new_clients(visit: Visit, enabled: bool) -> None:
    """Set the tenant's flag `enable_client_connections`, as an admin does in the dashboard."""
    visit.documents.put("flag", "enable_client_connections", {"enabled": enabled})


def enable_for_new_client(visit: Visit, client_id: str) -> None:
    """Enable every connection for a client that was just made, where the tenant's flag says so."""
    if (visit.documents.get("flag", "enable_client_connections") or {}).get("enabled"):
        for connection in visit.documents.find("connection"):
            enable(visit, connection["id"], client_id)


def enable(visit: Visit, connection: str, client: str) -> None:
    """Enable the connection for the client."""
    link = {"connection": connection, "client": client}
    visit.documents.put("enabledClient", f"{connection}:{client}", link, **link)


def forget_client(visit: Visit, client_id: str) -> None:
    """Disable every connection for a client that is gone."""
    for link in visit.documents.find("enabledClient", client=client_id):
        visit.documents.delete("enabledClient", f"{link['connection']}:{client_id}")


def clients_of(visit: Visit, connection_id: str) -> list[str]:
    """The clients that the connection is enabled for, in the order in which they were."""
    return [link["client"] for link in visit.documents.find("enabledClient", connection=connection_id)]


def find(visit: Visit, name: str) -> Body | None:
    """The connection of this name, or None."""
    return next(iter(visit.documents.find("connection", name=name)), None)


def require(call: Call) -> Body:
    """The connection that the path names; otherwise 404 (replay: TestAccDataSourceConnection)."""
    connection = call.documents.get("connection", call.path["id"])
    if connection is None:
        raise errors.not_found("The connection does not exist", "inexistent_connection")
    return connection


def shown(visit: Visit, connection: Body) -> Body:
    """The connection with the clients that it is enabled for, a field that the vendor gave up (recording 42)."""
    return connection | {"enabled_clients": clients_of(visit, connection["id"])}


def list_connections(call: Call) -> Answer:
    """A page of connections, of one name or strategy if asked (recording 42)."""
    found = call.documents.find("connection", **({"name": call.query["name"]} if "name" in call.query else {}))
    if "strategy" in call.query:
        found = [each for each in found if each["strategy"] in call.query["strategy"].split(",")]
    return paging.answer(call, "connections", [shown(call.visit, each) for each in found], ALWAYS)


def read(call: Call) -> Answer:
    """One connection."""
    return Answer(paging.project(call, [shown(call.visit, require(call))], ALWAYS)[0])


def create(call: Call) -> Answer:
    """A new database connection, for no client but those that the request names (replay: POST /connections)."""
    given = shapes.require(_CREATE, call.body)
    if given["strategy"] != "auth0":
        raise errors.refusal(501, f"This sandbox makes no connections of strategy {given['strategy']}.", "not_played")
    _refuse_apps_across(given)
    realms = given.get("realms") or [given["name"]]
    _require_free(call, given["name"], realms)
    connection: Body = {"id": ids.prefixed("con"), "is_domain_connection": False, "authentication": {"active": True}}
    connection |= {"connected_accounts": {"active": False}} | _named(given)
    connection |= {"realms": realms, "options": connection_options.of_new(given.get("options") or {})}
    save(call.visit, connection)
    _set_clients(call.visit, connection["id"], given.get("enabled_clients", []))
    return Answer(shown(call.visit, connection), 201)


def _named(given: Body) -> Body:
    return {name: value for name, value in given.items() if name != "enabled_clients" and value is not None}


def _refuse_apps_across(given: Body) -> None:
    """Refuse what databases do not have (replay: TestAccConnectionCrossAppAccessRequestingAppNegative)."""
    if "cross_app_access_requesting_app" in given:
        message = "Cross App Access Requesting App is not supported for this connection."
        raise errors.bad_request(message, "operation_not_supported")


def _require_free(call: Call, name: str, realms: list[str]) -> None:
    """409 for a name that is taken (public issue auth0-deploy-cli 221), or realms (OpenAPI; their code is a guess)."""
    if find(call.visit, name):
        raise errors.refusal(409, "A connection with the same name already exists", "connection_conflict")
    if any(set(realms) & set(other["realms"]) for other in call.documents.find("connection")):
        message = 'There is already another connection with some realms from "realms" parameter'
        raise errors.refusal(409, message, "connection_conflict")


def _set_clients(visit: Visit, connection: str, clients: list[str]) -> None:
    """Enable the connection for these clients and no others."""
    for client in clients_of(visit, connection):
        visit.documents.delete("enabledClient", f"{connection}:{client}")
    for client in clients:
        enable(visit, connection, client)


def update(call: Call) -> Answer:
    """Named fields are replaced, options among them as a whole (OpenAPI: patch_connections_by_id)."""
    connection = require(call)
    given = shapes.require(_UPDATE, call.body)
    if "enabled_clients" in given:
        _set_clients(call.visit, connection["id"], given["enabled_clients"])
    changes = _named(given)
    if connection["strategy"] == "auth0":
        _refuse_apps_across(given)
        if "options" in changes:
            changes["options"] = connection_options.in_place_of(connection["options"], changes["options"])
    save(call.visit, connection | changes)
    return Answer(shown(call.visit, connection | changes))


def delete(call: Call) -> Answer:
    """Gone with its users (recording 45)."""
    connection = require(call)
    for user in call.documents.find("user", connection=connection["name"]):
        call.documents.delete("user", user["user_id"])
    for client in clients_of(call.visit, connection["id"]):
        call.documents.delete("enabledClient", f"{connection['id']}:{client}")
    call.documents.delete("connection", connection["id"])
    return Answer({"deleted_at": call.now}, 202)


_LIST = ("strategy", "name", *paging.FIELDS, *paging.BY_NUMBER, *paging.BY_CHECKPOINT)
OPERATIONS = (
    Operation("GET", "/api/v2/connections", list_connections, _READ, query=_LIST),
    Operation("POST", "/api/v2/connections", create, ("create:connections",), takes=(JSON,)),
    Operation("GET", "/api/v2/connections/{id}", read, _READ, query=paging.FIELDS),
    Operation("PATCH", "/api/v2/connections/{id}", update, ("update:connections",), takes=(JSON,)),
    Operation("DELETE", "/api/v2/connections/{id}", delete, ("delete:connections",)),
)
