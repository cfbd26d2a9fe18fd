"""The JSON Schema for editors: what is written down is what the models say, and agrees with the loader."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from provisioner.adapters import PROVIDERS, model_for
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.planfile.schema import json_schema
from tests.planfile.conftest import GOOD, PLANS, changed

WRITTEN = Path(__file__).parents[2] / "schema"
VALIDATOR = jsonschema_rs.Draft202012Validator(json_schema(OktaPlan))


def as_editors_see(text: str) -> Any:
    """YAML as editors read it: to them a date is a string."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_written_schema_is_the_generated_one(provider: str) -> None:
    """After a change of a model: provisioner schema okta > schema/okta.json."""
    assert json.loads((WRITTEN / f"{provider}.json").read_text(encoding="utf-8")) == json_schema(model_for(provider))


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_are_valid(path: Path) -> None:
    """An editor, which finds the schema in the first line, shows no red line in a plan that loads."""
    text = path.read_text(encoding="utf-8")
    schema = json.loads((path.parent / text.partition("$schema=")[2].partition("\n")[0]).read_text(encoding="utf-8"))
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(as_editors_see(text))


def test_a_variable_may_stand_where_a_pattern_or_a_choice_is() -> None:
    """The schema sees the file before variables are replaced."""
    text = changed(
        ("JQ0123456789abcdef0123456789abcdef", "${env.FLEX_CONNECTION}"),
        ("sso: enhanced", "sso: ${var.SSO}"),
        ("name: acme-okta", "name: acme-${var.STAGE}"),
        ("[admin]", '["${var.ROLE}"]'),
    )
    assert VALIDATOR.is_valid(as_editors_see(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  label:", "  lable:"),
        ("version: 1", "version: 2"),
        ("sso: enhanced", "sso: enhancd"),
        ("JQ0123456789abcdef", "JQ"),
        ("[admin]", "[administrator]"),
        ("[admin]", "[]"),
        ("min_admins: 1", "min_admins: -1"),
    ],
)
def test_an_editor_shows_what_the_loader_refuses(old: str, new: str) -> None:
    """Unknown keys, wrong choices, patterns and bounds."""
    assert not VALIDATOR.is_valid(as_editors_see(GOOD.replace(old, new, 1)))
