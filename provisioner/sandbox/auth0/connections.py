"""Connections, where users come from: list and read them, change their options, and enable them for clients."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import errors, ids, paging, shapes
from provisioner.sandbox.auth0.shapes import FILLED, OBJECT, STRING, array, flag, nullable, record, text
from provisioner.sandbox.auth0.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

DATABASE = "Username-Password-Authentication"
AT_ONCE = 50
"""Clients in one request that enables or disables them (OpenAPI: patchClients)."""
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
_CLIENTS = array(
    record({"client_id": text(form=shapes.client_id), "status": flag}, "client_id", "status"), least=1, most=AT_ONCE
)
_UPDATE = record(
    {
        "display_name": STRING,
        "options": nullable(OBJECT),
        "enabled_clients": array(FILLED),
        "is_domain_connection": flag,
        "show_as_button": flag,
        "realms": array(FILLED),
        "metadata": record({}, extra=True, most=10),
        "authentication": OBJECT,
        "connected_accounts": OBJECT,
    },
    least=1,
)


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
            _enable(visit, connection["id"], client_id)


def _enable(visit: Visit, connection: str, client: str) -> None:
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


def update(call: Call) -> Answer:
    """Named fields are replaced, options among them as a whole (OpenAPI: updateConnection)."""
    connection = require(call)
    given = shapes.require(_UPDATE, call.body)
    if "enabled_clients" in given:
        for client in clients_of(call.visit, connection["id"]):
            call.documents.delete("enabledClient", f"{connection['id']}:{client}")
        for client in given["enabled_clients"]:
            _enable(call.visit, connection["id"], client)
    connection |= {name: value for name, value in given.items() if name != "enabled_clients" and value is not None}
    save(call.visit, connection)
    return Answer(shown(call.visit, connection))


def delete(call: Call) -> Answer:
    """Gone with its users (recording 45)."""
    connection = require(call)
    for user in call.documents.find("user", connection=connection["name"]):
        call.documents.delete("user", user["user_id"])
    for client in clients_of(call.visit, connection["id"]):
        call.documents.delete("enabledClient", f"{connection['id']}:{client}")
    call.documents.delete("connection", connection["id"])
    return Answer({"deleted_at": call.now}, 202)


def list_clients(call: Call) -> Answer:
    """The clients that the connection is enabled for, by checkpoint (recording 44)."""
    connection = require(call)
    clients = [{"client_id": client} for client in clients_of(call.visit, connection["id"])]
    return paging.checkpoint(call, "clients", clients, most=1_000)


def change_clients(call: Call) -> Answer:
    """Enable or disable the connection for these clients; others stay as they are (recording 43, replay)."""
    connection = require(call)
    for each in shapes.require(_CLIENTS, call.body):
        if call.documents.get("client", each["client_id"]) is None:
            raise errors.bad_request(f"Client {each['client_id']} does not exist.")
        if each["status"]:
            _enable(call.visit, connection["id"], each["client_id"])
        else:
            call.documents.delete("enabledClient", f"{connection['id']}:{each['client_id']}")
    return NOTHING


def list_of_client(call: Call) -> Answer:
    """The connections that are enabled for a client (OpenAPI: getClientConnections)."""
    call.need("read:connections")
    client_id = call.path["id"]
    if call.documents.get("client", client_id) is None:
        raise errors.not_found("The client does not exist", "inexistent_client")
    wanted = call.query["strategy"].split(",") if "strategy" in call.query else None
    found = [
        each
        for each in call.documents.find("connection")
        if client_id in clients_of(call.visit, each["id"]) and (wanted is None or each["strategy"] in wanted)
    ]
    return paging.checkpoint(call, "connections", found, always=ALWAYS)


_LIST = ("strategy", "name", *paging.FIELDS, *paging.BY_NUMBER, *paging.BY_CHECKPOINT)
OPERATIONS = (
    Operation("GET", "/api/v2/connections", list_connections, _READ, query=_LIST),
    Operation("GET", "/api/v2/connections/{id}", read, _READ, query=paging.FIELDS),
    Operation("PATCH", "/api/v2/connections/{id}", update, ("update:connections",), takes=(JSON,)),
    Operation("DELETE", "/api/v2/connections/{id}", delete, ("delete:connections",)),
    Operation("GET", "/api/v2/connections/{id}/clients", list_clients, _READ, query=paging.BY_CHECKPOINT),
    Operation("PATCH", "/api/v2/connections/{id}/clients", change_clients, ("update:connections",), takes=(JSON,)),
    Operation(
        "GET",
        "/api/v2/clients/{id}/connections",
        list_of_client,
        ("read:clients", "read:client_summary"),
        query=("strategy", *paging.FIELDS, *paging.BY_CHECKPOINT),
    ),
)
