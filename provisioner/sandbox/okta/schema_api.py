"""The operations on user schemas: show one; add, change and remove its attributes."""

from __future__ import annotations

import re
from typing import Any

from provisioner.sandbox.okta import errors, org, shapes, user_records
from provisioner.sandbox.okta.user_schema import default_type, schema_id
from provisioner.sandbox.okta.wire import JSON, Answer, Call, Operation

Body = dict[str, Any]

_PERMISSION = shapes.record({"principal": shapes.text, "action": shapes.one_of("HIDE", "READ_ONLY", "READ_WRITE")})
_CHOICES = {
    "enum": shapes.array(shapes.anything),
    "oneOf": shapes.array(shapes.record({"const": shapes.anything, "title": shapes.text})),
}
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
        "items": shapes.record({"type": shapes.one_of("string", "number", "integer")} | _CHOICES),
        "permissions": shapes.array(_PERMISSION),
        "master": shapes.open_object,
        "externalName": shapes.text,
        "externalNamespace": shapes.text,
    }
    | _CHOICES
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


_DEFAULTS: Body = {
    "mutability": "READ_WRITE",
    "scope": "NONE",
    "permissions": [{"principal": "SELF", "action": "READ_ONLY"}],
    "master": {"type": "PROFILE_MASTER"},
}
"""What a custom attribute is where its definition does not say (replay: updateUserProfile)."""


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
            "self": _hal(call, "self", f"meta/schemas/user/{schema['id']}"),
            "type": _hal(call, "type", f"meta/types/user/{type_id}"),
        },
    }


def _section(name: str, properties: dict[str, Body], sourced: bool) -> Body:
    body: Body = {"id": f"#{name}", "type": "object", "properties": properties}
    if not sourced:
        body["properties"] = {key: {k: v for k, v in p.items() if k != "master"} for key, p in properties.items()}
    if properties:
        body["required"] = [key for key, attribute in properties.items() if attribute.get("required")]
    return body


def update_schema(call: Call) -> Answer:
    """Add, change and remove attributes: a null removes, what is not named stays (OpenAPI: updateUserProfile)."""
    shapes.require(_UPDATE, call.body)
    schema = _schema(call)
    definitions = call.body.get("definitions") or {}
    for name, given in ((definitions.get("custom") or {}).get("properties") or {}).items():
        if given is None:
            schema["custom"].pop(name, None)
            _clear(call, "oty" + schema["id"][3:], name)
        else:
            schema["custom"][name] = _custom(name, given, schema)
    for name, given in ((definitions.get("base") or {}).get("properties") or {}).items():
        _change_base(schema["base"], name, given)
    schema["lastUpdated"] = call.now
    call.documents.put("userSchema", schema["id"], schema)
    return Answer(_schema_view(call, schema))


def _clear(call: Call, type_id: str, name: str) -> None:
    """A removed attribute leaves the profiles (replay: customProfileAttributes)."""
    for user in call.documents.find("user", type=type_id):
        if user["profile"].pop(name, None) is not None:
            user_records.save(call.visit, user)


def _custom(name: str, given: Body, schema: Body) -> Body:
    """A custom attribute with the vendor's defaults; wordings of the refusals are guesses."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name in schema["base"]:
        raise errors.invalid(name, f"{name}: The attribute name is not allowed")
    before = schema["custom"].get(name, {})
    body = _without_blanks(before | given)
    if "title" not in body or "type" not in body:
        raise errors.invalid(name, f"{name}: title and type are required")
    if before and before["type"] != body["type"]:
        raise errors.invalid(name, f"{name}: The type of an attribute cannot be changed")
    if body["type"] == "array" and "type" not in (body.get("items") or {}):
        raise errors.invalid(name, f"{name}: items.type is required of an array")
    if "pattern" in body:
        raise errors.invalid(name, f"{name}: Only the login can have a pattern")
    _check_choices(body)
    return _DEFAULTS | body


def _without_blanks(attribute: Body) -> Body:
    """Without nulls, and without a `required` that is false, which the vendor leaves out (recording 52)."""
    return {key: value for key, value in attribute.items() if value is not None and value is not False}


def _check_choices(attribute: Body) -> None:
    """The values of `enum` and the constants of `oneOf` are the same, in the same order (E0000123)."""
    if [entry.get("const") for entry in attribute.get("oneOf", [])] != attribute.get("enum", []):
        raise errors.refusal(
            "E0000123", 400, "Array specified in enum field must match const values specified in oneOf field."
        )


def _change_base(base: dict[str, Body], name: str, given: Body | None) -> None:
    """A base attribute takes few changes and cannot be removed (OpenAPI: updateUserProfile)."""
    if given is None or name not in base:
        raise errors.invalid(name, f"{name}: A base attribute cannot be added or removed")
    allowed = {"permissions", "master"} | ({"required"} if name in {"firstName", "lastName"} else set())
    allowed |= {"pattern"} if name == "login" else set()
    changed = {key for key, value in given.items() if base[name].get(key) != value}
    if changed - allowed:
        raise errors.invalid(name, f"{name}: Only {', '.join(sorted(allowed))} of this attribute may be changed")
    if "pattern" in given and not _is_pattern(given["pattern"]):
        raise errors.invalid("pattern", "pattern: The value is not a regular expression")
    base[name] = _without_blanks(base[name] | given)


def _is_pattern(text: str | None) -> bool:
    try:
        re.compile(text or "")
    except re.error:
        return False
    return True


def _hal(call: Call, rel: str, path: str) -> Body:
    return {"rel": rel, "href": call.href(path), "method": "GET"}


OPERATIONS = (
    Operation("GET", "/api/v1/meta/schemas/user/{schemaId}", read_schema, "schemas"),
    Operation("POST", "/api/v1/meta/schemas/user/{schemaId}", update_schema, "schemas", takes=JSON),
)
