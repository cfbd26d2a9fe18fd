"""Definitions of links between users (manager and subordinate); the links themselves are not kept."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import errors, shapes
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

Body = dict[str, Any]

_END = shapes.record(dict.fromkeys(("name", "title", "description"), shapes.text) | {"type": shapes.one_of("USER")})
_REQUEST = shapes.record({"primary": _END, "associated": _END, "_links": shapes.open_object})
_HOME = "meta/schemas/user/linkedObjects"


def _view(call: Call, body: Body) -> Body:
    href = call.href(f"{_HOME}/{body['primary']['name']}")
    return body | {"_links": {"self": {"href": href}}}


def create(call: Call) -> Answer:
    """A new definition (replay: TestAccResourceOktaLinkDefinition); a name in use is E0000127 (error catalogue)."""
    given = shapes.require(_REQUEST, call.body)
    ends = {side: given.get(side) or {} for side in ("primary", "associated")}
    for side, end in ends.items():
        if not end.get("name") or not end.get("title"):
            raise errors.invalid(side, f"{side}: name and title cannot be left blank")
        if call.documents.count("linkedObject", primary=end["name"]) + call.documents.count(
            "linkedObject", associated=end["name"]
        ):
            raise errors.refusal("E0000127", 409, "Invalid linked objection definition. The name is in use.")
    body = {side: _end(end) for side, end in ends.items()}
    names = {side: end["name"] for side, end in body.items()}
    call.documents.put("linkedObject", names["primary"], body, **names)
    return Answer(_view(call, body), 201)


def _end(given: Body) -> Body:
    return {name: given.get(name) for name in ("name", "title", "description")} | {"type": "USER"}


def list_all(call: Call) -> Answer:
    """All definitions (OpenAPI: listLinkedObjectDefinitions)."""
    return Answer([_view(call, body) for body in call.documents.find("linkedObject")])


def _named(call: Call) -> Body:
    """The definition that has the name at either end; otherwise E0000007."""
    key = call.path["name"]
    found = call.documents.find("linkedObject", primary=key) or call.documents.find("linkedObject", associated=key)
    if not found:
        raise errors.not_found(key, "LinkedObjectDefinition")
    return found[0]


def read(call: Call) -> Answer:
    """One definition (OpenAPI: getLinkedObjectDefinition)."""
    return Answer(_view(call, _named(call)))


def delete(call: Call) -> Answer:
    """Remove a definition (OpenAPI: deleteLinkedObjectDefinition)."""
    call.documents.delete("linkedObject", _named(call)["primary"]["name"])
    return NOTHING


OPERATIONS = (
    Operation("GET", f"/api/v1/{_HOME}", list_all, "linkedObjects"),
    Operation("POST", f"/api/v1/{_HOME}", create, "linkedObjects", takes=JSON),
    Operation("GET", f"/api/v1/{_HOME}/{{name}}", read, "linkedObjects"),
    Operation("DELETE", f"/api/v1/{_HOME}/{{name}}", delete, "linkedObjects"),
)
