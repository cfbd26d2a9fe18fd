"""The operations on user types."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import errors, shapes
from provisioner.sandbox.okta.user_schema import default_type, schema_id, write_type
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

Body = dict[str, Any]

_TYPE = shapes.record(
    dict.fromkeys(("id", "name", "displayName", "description", "createdBy", "lastUpdatedBy"), shapes.text)
    | {"created": shapes.text, "lastUpdated": shapes.text, "default": shapes.flag, "_links": shapes.open_object}
)


def _hal(call: Call, rel: str, path: str) -> Body:
    return {"rel": rel, "href": call.href(path), "method": "GET"}


def _type_view(call: Call, body: Body) -> Body:
    links = {
        "schema": _hal(call, "schema", f"meta/schemas/user/{schema_id(body['id'])}"),
        "self": _hal(call, "self", f"meta/types/user/{body['id']}"),
    }
    return body | {"_links": links}


def _type(call: Call) -> Body:
    key = call.path["typeId"]
    found = call.documents.get("userType", default_type(call.visit) if key == "default" else key)
    if found is None:
        raise errors.not_found(key, "UserType")
    return found


def list_types(call: Call) -> Answer:
    """All user types (OpenAPI: listUserTypes)."""
    return Answer([_type_view(call, body) for body in call.documents.find("userType")])


def read_type(call: Call) -> Answer:
    """One user type (OpenAPI: getUserType)."""
    return Answer(_type_view(call, _type(call)))


def create_type(call: Call) -> Answer:
    """A new user type with a schema of its own (recording 55)."""
    body = shapes.require(_TYPE, call.body)
    if not body.get("name") or not body.get("displayName"):
        raise errors.invalid("name", "name: The field cannot be left blank")
    if call.documents.count("userType", name=body["name"]):
        raise errors.invalid("name", "name: An object with this field already exists in the current organization")
    key = write_type(call.visit, call.caller, body | {"default": False})
    return Answer(_type_view(call, call.documents.get("userType", key) or {}))


def delete_type(call: Call) -> Answer:
    """Remove a user type; the default one stays (error catalogue E0000142)."""
    body = _type(call)
    if body["default"] or call.documents.count("user", type=body["id"]):
        raise errors.refusal("E0000142", 403, "This User Type cannot be deleted.")
    call.documents.delete("userSchema", schema_id(body["id"]))
    call.documents.delete("userType", body["id"])
    return NOTHING


OPERATIONS = (
    Operation("GET", "/api/v1/meta/types/user", list_types, "userTypes"),
    Operation("POST", "/api/v1/meta/types/user", create_type, "userTypes", takes=JSON),
    Operation("GET", "/api/v1/meta/types/user/{typeId}", read_type, "userTypes"),
    Operation("DELETE", "/api/v1/meta/types/user/{typeId}", delete_type, "userTypes"),
)
