"""The attribute of the user profile that holds the roles, where it is not one that every Okta org has. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.core.resource import Found, Resource
from provisioner.errors import Refusal, Refused

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

KIND = "user_attribute"

# Text attributes of every org (OpenAPI: UserProfile).
BASE = {
    *("city", "costCenter", "countryCode", "department", "displayName", "division", "employeeNumber"),
    *(
        "honorificPrefix",
        "honorificSuffix",
        "locale",
        "manager",
        "managerId",
        "middleName",
        "mobilePhone",
        "nickName",
        "organization",
    ),
    *("postalAddress", "preferredLanguage", "primaryPhone", "profileUrl", "secondEmail", "state", "streetAddress"),
    *("timezone", "title", "userType", "zipCode"),
}


def wanted(plan: OktaPlan) -> tuple[Resource, ...]:
    """The roles' attribute, unless every org has it; what type it is stays as it is."""
    name = plan.users.roles_attribute
    return () if name in BASE else (Resource(KIND, name),)


def found(name: str, schema: Json) -> Found | None:
    """The attribute in the org's schema for users; `native` is whether it holds a list.

    Raises `Refused` where it holds anything but texts.
    """
    for part in ("custom", "base"):
        properties: Json = ((schema.get("definitions") or {}).get(part) or {}).get("properties") or {}
        if name in properties:
            return Found(KIND, name, native=_is_list(name, properties[name]))
    return None


def _is_list(name: str, attribute: Json) -> bool:
    is_list = attribute.get("type") == "array"
    held = (attribute.get("items") or {}).get("type") if is_list else attribute.get("type")
    if held != "string":
        message = f"{name} holds values of type {held} in Okta, and roles are texts; see users.roles_attribute"
        raise Refused((Refusal("roles_attribute", message, (f"{KIND}:{name}",)),))
    return is_list


def body(name: str) -> Json:
    """What adds a list of texts to the schema and leaves all else there alone (OpenAPI: updateUserProfile)."""
    attribute = {
        "title": f"Flex roles ({name})",
        "type": "array",
        "items": {"type": "string"},
        "permissions": [{"principal": "SELF", "action": "READ_ONLY"}],
    }
    return {"definitions": {"custom": {"properties": {name: attribute}}}}
