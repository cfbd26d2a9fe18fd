"""User types and the profile schema of each, as the store holds them; the operations on them are elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import errors, ids
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_BASE = """
login Username required min=5 max=100
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


def seed(visit: Visit, admin: str) -> str:
    """Write the default user type with its schema, and give the type's id."""
    return write_type(visit, admin, {"name": "user", "displayName": "User", "default": True})


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


def write_type(visit: Visit, admin: str, given: Body) -> str:
    """Write a user type with the base schema, and give the type's id (recording 55)."""
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
