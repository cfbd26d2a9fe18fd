"""Which clients a connection is enabled for."""

from __future__ import annotations

from provisioner.sandbox.auth0 import connections, errors, paging, shapes
from provisioner.sandbox.auth0.connections import clients_of, require
from provisioner.sandbox.auth0.shapes import array, flag, record, text
from provisioner.sandbox.auth0.wire import JSON, NOTHING, Answer, Call, Operation

AT_ONCE = 50
"""Clients in one request that enables or disables them (OpenAPI: patchClients)."""
_CLIENTS = array(
    record({"client_id": text(form=shapes.client_id), "status": flag}, "client_id", "status"), least=1, most=AT_ONCE
)


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
            connections.enable(call.visit, connection["id"], each["client_id"])
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
    return paging.checkpoint(call, "connections", found, always=connections.ALWAYS)


_READ = ("read:connections",)
OPERATIONS = (
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
