from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from provisioner.adapters import model_for
from provisioner.errors import InvalidPlan, Problem
from provisioner.planfile.load import Loaded, load

PLANS = Path(__file__).parents[2] / "plans"
GOOD = (PLANS / "okta.yaml").read_text(encoding="utf-8")
AUTH0 = (PLANS / "auth0.yaml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 21)

Load = Callable[..., Loaded]
Refuse = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def load_text(tmp_path: Path) -> Load:
    """Loads a plan that is given as text, with a user file beside it where one is given."""

    def load_text(
        text: str | bytes,
        users: str | bytes | None = None,
        variables: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Loaded:
        for name, content in (("plan.yaml", text), ("users.csv", users)):
            if content is not None:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        path = tmp_path / "plan.yaml"
        return load(path, model_for=model_for, variables=variables or {}, environ=environ or {}, today=TODAY)

    return load_text


@pytest.fixture
def refuse(load_text: Load) -> Refuse:
    """The problems of a plan that must not load."""

    def refuse(*given: object, **more: object) -> tuple[Problem, ...]:
        with pytest.raises(InvalidPlan) as caught:
            load_text(*given, **more)
        return caught.value.problems

    return refuse


def changed(*edits: tuple[str, str], text: str = GOOD) -> str:
    """The plan, that of plans/okta.yaml, with each text replaced; every one of them must be there."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
