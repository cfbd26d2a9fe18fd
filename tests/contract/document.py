"""A vendor's OpenAPI 3.0 document as a judge of answers, with an overlay where reality differs."""

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.contract import evidence

Schema = dict[str, Any]


class Document:
    """Judges answers by operation and status."""

    def __init__(self, name: str, overlay: Path) -> None:
        self._body = evidence.document(name)
        for line in json.loads(overlay.read_text()):
            _change(self._body, line["at"].split("/"), line["set"])
        self._schemas = {key: plain(value) for key, value in self._body["components"]["schemas"].items()}

    @property
    def operations(self) -> set[str]:
        """Every operation as `GET /api/v1/users/{id}`."""
        paths: dict[str, Schema] = self._body["paths"]
        verbs = ("get", "post", "put", "patch", "delete")
        return {f"{verb.upper()} {path}" for path, methods in paths.items() for verb in verbs if verb in methods}

    def problems(self, operation: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer; an undocumented status is the first."""
        verb, _, path = operation.partition(" ")
        answers = self._body["paths"][path][verb.lower()]["responses"]
        if str(status) not in answers:
            return [f"status {status} is not documented"]
        answer = self._resolved(answers[str(status)])
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return []
        found = self._validator(json.dumps(plain(schema))).iter_errors(body)
        return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in found]

    def _resolved(self, node: Schema) -> Schema:
        if "$ref" not in node:
            return node
        found: Any = self._body
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        resolved: Schema = found
        return resolved

    @functools.cache  # noqa: B019 - a document lives as long as the tests
    def _validator(self, schema: str) -> Any:
        return jsonschema_rs.validator_for(json.loads(schema) | {"components": {"schemas": self._schemas}})


def plain(node: Any) -> Any:
    """JSON Schema for a part of an OpenAPI 3.0 document: null where `nullable`, a branch where a discriminator."""
    if isinstance(node, list):
        return [plain(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if "oneOf" in node and "discriminator" in node:
        return {"allOf": [_branch(node["discriminator"], *each) for each in node["discriminator"]["mapping"].items()]}
    made = {name: plain(value) for name, value in node.items() if name not in {"nullable", "discriminator", "example"}}
    if node.get("nullable"):
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _branch(discriminator: Schema, value: str, reference: str) -> Schema:
    name = discriminator["propertyName"]
    return {"if": {"properties": {name: {"const": value}}, "required": [name]}, "then": {"$ref": reference}}


def _change(node: Any, steps: list[str], values: Schema) -> None:
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step.replace("~1", "/")]
    node.update(values)
