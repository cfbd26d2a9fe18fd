"""Holds requests against a vendor's OpenAPI document, strictly: what the document does not name is refused."""

from __future__ import annotations

import json
import re
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

import httpx
import jsonschema_rs

Json = dict[str, Any]
REF = "#/components/schemas/"

# What Okta answers and takes although its document lacks it; by schema.
UNDOCUMENTED = {
    # Returned by every org. PUT replaces the whole application, so what came must go back, or it is lost.
    "SamlApplicationSettingsSignOn": {"samlSignedRequestEnabled": {"type": "boolean"}},
    "SamlApplicationSettings": {"app": {"type": "object"}, "manualProvisioning": {"type": "boolean"}},
    # The type of a list's items; an attribute of type "array" is nothing without it (JSON Schema draft 4, items).
    "UserSchemaAttribute": {"items": {"type": "object"}},
}


class Document:
    """The document as JSON Schemas in which every object is closed and nothing read-only is left."""

    def __init__(self, openapi: Json, prefix: str = "") -> None:
        self._openapi, self._prefix = openapi, prefix
        self._named = openapi["components"]["schemas"]
        closed = {name: self._closed(schema, name) for name, schema in self._named.items()}
        self._components = {"schemas": closed}

    def problems(self, request: httpx.Request) -> list[str]:
        """What the document says against this request."""
        path, query = request.url.path.removeprefix(self._prefix), parse_qsl(request.url.query.decode())
        template = next((t for t in self._openapi["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", t), path)), "")
        operation = self._openapi["paths"].get(template, {}).get(request.method.lower())
        if operation is None:
            return [f"no operation {request.method} {path}"]
        found = [f"{request.method} {template}: {problem}" for problem in self._query_problems(operation, query)]
        return found + [
            f"{request.method} {template}: {problem}" for problem in self._body_problems(operation, request)
        ]

    def _query_problems(self, operation: Json, query: list[tuple[str, str]]) -> list[str]:
        known = {p["name"]: p for p in map(self._resolved, operation.get("parameters", ())) if p["in"] == "query"}
        missing = [name for name, p in known.items() if p.get("required") and name not in dict(query)]
        found = [f"no parameter {name}" for name in missing]
        for name, text in query:
            if name not in known:
                found.append(f"unknown parameter {name}")
            else:
                found += self._errors(known[name]["schema"], _typed(text, known[name]["schema"]))
        return found

    def _body_problems(self, operation: Json, request: httpx.Request) -> list[str]:
        declared = operation.get("requestBody")
        if declared is None:
            return ["a body where none belongs"] if request.content else []
        if not request.content:
            return ["the body is missing"] if declared.get("required") else []
        kind = request.headers["content-type"].partition(";")[0]
        schema = declared["content"][kind]["schema"]
        return self._errors(schema, self._form(request, schema) if "form" in kind else json.loads(request.content))

    def _form(self, request: httpx.Request, schema: Json) -> Json:
        """The fields of a form, each as the type that the document gives it."""
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        fields: Json = {}
        known = self._named[schema["$ref"].removeprefix(REF)]["properties"]
        for part in BytesParser().parsebytes(head + request.content).walk():
            if (name := part.get_param("name", header="content-disposition")) is not None:
                text = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
                fields[str(name)] = _typed(text, known.get(name, {}))
        return fields

    def _errors(self, schema: Json, instance: Any) -> list[str]:
        if mapping := schema.get("discriminator", {}).get("mapping"):
            schema = {"$ref": mapping[instance[schema["discriminator"]["propertyName"]]]}
        root = {**self._closed(schema), "components": self._components}
        errors = jsonschema_rs.validator_for(root, validate_formats=True).iter_errors(instance)
        return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]

    def _closed(self, schema: Json, name: str = "") -> Json:
        """The schema with its parts merged, closed, in the words of JSON Schema instead of OpenAPI 3.0."""
        if "$ref" in schema or "anyOf" in schema:
            return {key: schema[key] for key in ("$ref", "anyOf") if key in schema}
        merged = self._merged(schema)
        properties = {key: p for key, p in merged.get("properties", {}).items() if not p.get("readOnly")}
        closed = {key: value for key, value in merged.items() if key not in ("properties", "required", "discriminator")}
        if properties:
            properties |= UNDOCUMENTED.get(name, {})
            closed["properties"] = {key: self._closed(value) for key, value in properties.items()}
            closed["required"] = [key for key in merged.get("required", ()) if key in properties]
            closed.setdefault("additionalProperties", False)
        if "items" in merged:
            closed["items"] = self._closed(merged["items"])
        if merged.get("nullable") and "type" in merged:
            closed["type"] = [merged["type"], "null"]
        return closed

    def _merged(self, schema: Json) -> Json:
        whole = {key: value for key, value in schema.items() if key != "allOf"}
        for entry in schema.get("allOf", ()):
            part = self._merged(self._named[entry["$ref"].removeprefix(REF)] if "$ref" in entry else entry)
            properties = {**part.get("properties", {}), **whole.get("properties", {})}
            required = [*part.get("required", ()), *whole.get("required", ())]
            whole = {**part, **whole, "properties": properties, "required": required}
        return whole

    def _resolved(self, parameter: Json) -> Json:
        name = parameter.get("$ref", "").rpartition("/")[2]
        resolved: Json = self._openapi["components"]["parameters"][name] if name else parameter
        return resolved


def _typed(text: str, schema: Json) -> Any:
    return json.loads(text) if schema.get("type") in ("integer", "boolean") else text
