"""Templates of names: texts with expressions of the classic dialect in `${…}`, or one expression by itself."""

from __future__ import annotations

import re
from typing import Any

from provisioner.sandbox.okta.expression_functions import CLASSIC
from provisioner.sandbox.okta.expression_nodes import Scope, as_text
from provisioner.sandbox.okta.expressions import evaluate

_PLACE = re.compile(r"\$\{([^{}]*)\}")
_ATTRIBUTE = re.compile(r"\b(?:source|user)\.(\w+)")


def filled(template: str, scope: Scope) -> str:
    """Give the template with every expression replaced by its value, null by nothing. Raises Unknown."""
    if not _PLACE.search(template):
        return _value(template, scope)
    return _PLACE.sub(lambda match: _value(match[1], scope), template)


def user_name(template: str, user: dict[str, Any]) -> str:
    """Give the name that an app with this template knows the user by. Raises Unknown."""
    profile = {name: user["profile"].get(name) for name in _ATTRIBUTE.findall(template)}
    return filled(template, Scope({"source": profile, "user": profile}, CLASSIC))


def _value(expression: str, scope: Scope) -> str:
    # Templates write functions as fn:toLowerCase(…) (OpenAPI: ApplicationCredentialsUsernameTemplate).
    value = evaluate(re.sub(r"\bfn:", "", expression), scope)
    return "" if value is None else as_text(value)
