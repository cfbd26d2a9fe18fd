"""JSON Schema of a plan model, for editors and CI."""

from __future__ import annotations

from typing import Any

from provisioner.planfile.sections import PlanFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VARIABLE = r"\$\{(env|var)\.[^{}]*\}"


def json_schema(model: type[PlanFile]) -> dict[str, Any]:
    """The schema (draft 2020-12) of a plan file as it is written, in which a string may still be `${env.NAME}`."""
    schema = _as_written(model.model_json_schema())
    return {"$schema": _DIALECT, "title": f"provisioner: {model.__name__.removesuffix('Plan')} plan", **schema}


def _as_written(schema: Any) -> Any:
    """Without titles that only repeat a name, without null (leave a key out instead), and with variables allowed."""
    if isinstance(schema, list):
        return [_as_written(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("properties"), dict):
        # A property may be called "title", "pattern" or "enum": only its own schema is looked into.
        own = {name: _as_written(each) for name, each in schema["properties"].items()}
        rest = {key: value for key, value in schema.items() if key != "properties"}
        return {**_as_written(rest), "properties": own}
    inner = {key: _as_written(value) for key, value in schema.items() if key != "title" and value is not None}
    return _with_variables(_not_null(inner))


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**choices[0], **{key: value for key, value in schema.items() if key != "anyOf"}}


def _with_variables(schema: dict[str, Any]) -> dict[str, Any]:
    if "pattern" in schema and _VARIABLE not in schema["pattern"]:
        return schema | {"pattern": f"{schema['pattern']}|{_VARIABLE}"}
    if "enum" in schema:
        values = {"enum": schema["enum"]}
        rest = {key: value for key, value in schema.items() if key != "enum"}
        return rest | {"anyOf": [values, {"pattern": _VARIABLE}]}
    return schema
