"""User types and the profile schema of each: which attributes a user may have, and what they may hold."""

from __future__ import annotations

import re
from typing import Any

from provisioner.sandbox.okta import errors, ids, org, shapes
from provisioner.sandbox.okta.wire import NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_BASE = """
login Username required SELF:READ_WRITE min=5 max=100
firstName First_name required SELF:READ_WRITE min=1 max=50
lastName Last_name required SELF:READ_WRITE min=1 max=50
middleName Middle_name
honorificPrefix Honorific_prefix
honorificSuffix Honorific_suffix
email Primary_email required SELF:READ_WRITE format=email
title Title
displayName Display_name
nickName Nickname
profileUrl Profile_Url format=uri
secondEmail Secondary_email SELF:READ_WRITE format=email
mobilePhone Mobile_phone SELF:READ_WRITE max=100
primaryPhone Primary_phone SELF:HIDE max=100
streetAddress Street_address SELF:HIDE
city City SELF:HIDE
state State SELF:HIDE
zipCode Zip_code SELF:HIDE
countryCode Country_code SELF:HIDE format=country-code
postalAddress Postal_Address SELF:HIDE
preferredLanguage Preferred_language format=language-code
locale Locale format=locale
timezone Time_zone format=timezone
userType User_type
employeeNumber Employee_number
costCenter Cost_center
organization Organization
division Division
department Department
managerId ManagerId
manager Manager
"""
"""The base attributes with their titles, permissions and constraints (recording 52).

`lastName` is required here as in the vendor's default; the recorded org had relaxed it.
"""

_PERMISSION = shapes.record({"principal": shapes.text, "action": shapes.one_of("HIDE", "READ_ONLY", "READ_WRITE")})
_PROPERTY = shapes.record(
    {
        "title": shapes.text,
        "description": shapes.text,
        "type": shapes.one_of("string", "boolean", "number", "integer", "array", "object"),
        "format": shapes.text,
        "required": shapes.flag,
        "mutability": shapes.one_of("IMMUTABLE", "READ_ONLY", "READ_WRITE", "WRITE_ONLY"),
        "scope": shapes.one_of("NONE", "SELF"),
        "unique": shapes.anything,
        "minLength": shapes.whole,
        "maxLength": shapes.whole,
        "pattern": shapes.text,
        "enum": shapes.array(shapes.anything),
        "oneOf": shapes.array(shapes.record({"const": shapes.anything, "title": shapes.text})),
        "items": shapes.open_object,
        "permissions": shapes.array(_PERMISSION),
        "master": shapes.open_object,
        "externalName": shapes.text,
        "externalNamespace": shapes.text,
    }
)
_SECTION = shapes.record(
    {
        "id": shapes.text,
        "type": shapes.text,
        "properties": shapes.mapping(_PROPERTY),
        "required": shapes.array(shapes.text),
    }
)
_UPDATE = shapes.record(
    {"definitions": shapes.record({"custom": _SECTION, "base": _SECTION})}
    | dict.fromkeys(("id", "$schema", "name", "title", "description", "lastUpdated", "created", "type"), shapes.text)
    | {"properties": shapes.open_object, "_links": shapes.open_object}
)
_TYPE = shapes.record(
    dict.fromkeys(("id", "name", "displayName", "description", "createdBy", "lastUpdatedBy"), shapes.text)
    | {"created": shapes.text, "lastUpdated": shapes.text, "default": shapes.flag, "_links": shapes.open_object}
)


def seed(visit: Visit, admin: str) -> str:
    """Write the default user type with its schema, and give the type's id."""
    return _write_type(visit, admin, {"name": "user", "displayName": "User", "default": True})


def default_type(visit: Visit) -> str:
    """The id of the default user type."""
    return str(visit.documents.find("userType", default="true")[0]["id"])


def attributes(visit: Visit, type_id: str) -> dict[str, Body]:
    """Every attribute of the type's schema, by name."""
    schema = visit.documents.get("userSchema", schema_id(type_id)) or {"base": {}, "custom": {}}
    return {**schema["base"], **schema["custom"]}


def schema_id(type_id: str) -> str:
    """The id of a type's schema: the same as the type's but for the prefix (recording 55)."""
    return "osc" + type_id[3:]


def require_type(visit: Visit, type_id: str) -> str:
    """The type's id, when there is such a type; otherwise E0000001 (the wording is a guess)."""
    if visit.documents.get("userType", type_id) is None:
        raise errors.invalid("type", f"type: The user type {type_id} does not exist")
    return type_id


def _base() -> dict[str, Body]:
    return {line.split()[0]: _attribute(*line.split()[1:]) for line in _BASE.strip().splitlines()}


def _attribute(title: str, *words: str) -> Body:
    given = dict(word.split("=") for word in words if "=" in word)
    body: Body = {"title": title.replace("_", " "), "type": "string"}
    if "required" in words:
        body["required"] = True
    if "format" in given:
        body["format"] = given["format"]
    body |= {"mutability": "READ_WRITE", "scope": "NONE"}
    body |= {name + "Length": int(given[name]) for name in ("min", "max") if name in given}
    action = next((word.removeprefix("SELF:") for word in words if word.startswith("SELF:")), "READ_ONLY")
    return body | {
        "permissions": [{"principal": "SELF", "action": action}],
        "master": {"type": "PROFILE_MASTER"},
    }


def _write_type(visit: Visit, admin: str, given: Body) -> str:
    now = ids.stamp(visit.world.clock.now())
    key = ids.new("oty")
    body = {
        "id": key,
        "displayName": given["displayName"],
        "name": given["name"],
        "description": given.get("description"),
        "createdBy": admin,
        "lastUpdatedBy": admin,
        "created": now,
        "lastUpdated": now,
        "default": given.get("default", False),
    }
    visit.documents.put("userType", key, body, default=str(body["default"]).lower(), name=body["name"])
    schema = {"id": schema_id(key), "created": now, "lastUpdated": now, "base": _base(), "custom": {}}
    visit.documents.put("userSchema", schema_id(key), schema)
    return key


def _schema(call: Call) -> Body:
    """The schema that the path names: `default`, or a schema's id."""
    key = call.path["schemaId"]
    found = call.documents.get("userSchema", schema_id(default_type(call.visit)) if key == "default" else key)
    if found is None:
        raise errors.not_found(key, "UserSchema")
    return found


def read_schema(call: Call) -> Answer:
    """One schema (recording 52)."""
    return Answer(_schema_view(call, _schema(call)))


def _schema_view(call: Call, schema: Body) -> Body:
    type_id = "oty" + schema["id"][3:]
    kind = call.documents.get("userType", type_id) or {}
    home = "default" if kind["default"] else schema["id"]
    sourced = org.ATTRIBUTE_SOURCING in org.features(call.visit)
    return {
        "id": f"{call.visit.origin}/meta/schemas/user/{home}",
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": kind["name"],
        "title": kind["displayName"],
        "description": "Okta user profile template with default permission settings",
        "lastUpdated": schema["lastUpdated"],
        "created": schema["created"],
        "definitions": {name: _section(name, schema[name], sourced) for name in ("custom", "base")},
        "type": "object",
        "properties": {"profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}},
        "_links": {
            "self": _link(call, "self", f"meta/schemas/user/{schema['id']}"),
            "type": _link(call, "type", f"meta/types/user/{type_id}"),
        },
    }


def _section(name: str, properties: dict[str, Body], sourced: bool) -> Body:
    body: Body = {"id": f"#{name}", "type": "object", "properties": properties}
    if not sourced:
        body["properties"] = {key: {k: v for k, v in p.items() if k != "master"} for key, p in properties.items()}
    if properties:
        body["required"] = [key for key, attribute in properties.items() if attribute.get("required")]
    return body


def _link(call: Call, rel: str, path: str) -> Body:
    return {"rel": rel, "href": call.href(path), "method": "GET"}


def update_schema(call: Call) -> Answer:
    """Add, change and remove attributes: a null removes, what is not named stays (OpenAPI: updateUserProfile)."""
    shapes.require(_UPDATE, call.body)
    schema = _schema(call)
    definitions = call.body.get("definitions") or {}
    for name, given in ((definitions.get("custom") or {}).get("properties") or {}).items():
        if given is None:
            schema["custom"].pop(name, None)
        else:
            schema["custom"][name] = _custom(name, given, schema)
    for name, given in ((definitions.get("base") or {}).get("properties") or {}).items():
        _change_base(schema["base"], name, given)
    schema["lastUpdated"] = call.now
    call.documents.put("userSchema", schema["id"], schema)
    return Answer(_schema_view(call, schema))


def _custom(name: str, given: Body, schema: Body) -> Body:
    """A custom attribute with the vendor's defaults; wordings of the refusals are guesses."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name in schema["base"]:
        raise errors.invalid(name, f"{name}: The attribute name is not allowed")
    before = schema["custom"].get(name, {})
    body = {key: value for key, value in (before | given).items() if value is not None}
    if "title" not in body or "type" not in body:
        raise errors.invalid(name, f"{name}: title and type are required")
    if before and before["type"] != body["type"]:
        raise errors.invalid(name, f"{name}: The type of an attribute cannot be changed")
    if body["type"] == "array" and "type" not in (body.get("items") or {}):
        raise errors.invalid(name, f"{name}: items.type is required of an array")
    if [entry["const"] for entry in body.get("oneOf", [])] != body.get("enum", []):
        # Error catalogue; the vendor compares them in order.
        raise errors.refusal(
            "E0000123", 400, "Array specified in enum field must match const values specified in oneOf field."
        )
    defaults = {
        "mutability": "READ_WRITE",
        "scope": "NONE",
        "permissions": [{"principal": "SELF", "action": "READ_ONLY"}],
        "master": {"type": "PROFILE_MASTER"},
    }
    return defaults | {key: value for key, value in body.items() if not (key == "required" and value is False)}


def _change_base(base: dict[str, Body], name: str, given: Body | None) -> None:
    """A base attribute takes few changes and cannot be removed (OpenAPI: updateUserProfile)."""
    if given is None or name not in base:
        raise errors.invalid(name, f"{name}: A base attribute cannot be added or removed")
    allowed = {"permissions", "master"} | ({"required"} if name in {"firstName", "lastName"} else set())
    allowed |= {"pattern"} if name == "login" else set()
    changed = {key for key, value in given.items() if base[name].get(key) != value}
    if changed - allowed:
        raise errors.invalid(name, f"{name}: Only {', '.join(sorted(allowed))} of this attribute may be changed")
    base[name] |= given


def _type_view(call: Call, body: Body) -> Body:
    links = {
        "schema": _link(call, "schema", f"meta/schemas/user/{schema_id(body['id'])}"),
        "self": _link(call, "self", f"meta/types/user/{body['id']}"),
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
    key = _write_type(call.visit, call.caller, body | {"default": False})
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
    Operation("GET", "/api/v1/meta/schemas/user/{schemaId}", read_schema, "schemas"),
    Operation("POST", "/api/v1/meta/schemas/user/{schemaId}", update_schema, "schemas", takes_json=True),
    Operation("GET", "/api/v1/meta/types/user", list_types, "userTypes"),
    Operation("POST", "/api/v1/meta/types/user", create_type, "userTypes", takes_json=True),
    Operation("GET", "/api/v1/meta/types/user/{typeId}", read_type, "userTypes"),
    Operation("DELETE", "/api/v1/meta/types/user/{typeId}", delete_type, "userTypes"),
)
