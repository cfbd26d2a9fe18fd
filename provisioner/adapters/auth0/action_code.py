"""The code of the post-login Action, from a plan alone. Pure, and the same text for the same plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from provisioner.adapters.auth0 import expression
from provisioner.core.ownership import Mark
from provisioner.flex import claims
from provisioner.flex.roles import ROLES

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Action, Auth0Plan

# The application's metadata under which the Action finds it, with the plan's name as the value. A client id would be
# known only once the application exists, and the value of an Action's secret cannot be read back and compared.
PLAN_KEY = "provisioner_plan"

# An Action runs at every login of the tenant, and one that throws locks everybody out: `?.` all the way.
# null and undefined would arrive at Flex as texts, and a value that does not fit its type ends the login there.
_TEMPLATE = """\
/*
{mark}
Change the plan file, not this code: the next apply writes it anew.
It gives Twilio Flex its SAML attributes, and does nothing at the logins of other applications.
*/

const PLAN = {plan};
const FLEX_ROLES = [
{roles}
];

const texts = (value) =>
  [value].flat().filter((each) => ["string", "number", "boolean"].includes(typeof each)).map(String);

// Leaves out what is missing, and what does not have the form of its type.
const send = (api, name, value, form = /^/, list = Array.isArray(value)) => {{
  const found = texts(value);
  if (found.length === 0 || !found.every((text) => form.test(text)) || (found.length > 1 && !list)) return;
  api.samlResponse.setAttribute(name, list ? found : found[0]);
}};

exports.onExecutePostLogin = async (event, api) => {{
  if (event.client?.metadata?.{key} !== PLAN || event.transaction?.protocol !== "samlp") return;
{body}
}};
"""
_ROLES = """
  const named = texts({source})
    .flatMap((text) => text.split(","))
    .map((text) => text.trim());
  const roles = FLEX_ROLES.filter((role) => named.includes(role));
  {on_missing}
"""
_ON_MISSING = {
    "deny": """\
if (roles.length === 0) {
    return api.access.deny("You have no role in Twilio Flex. Ask your administrator for one, then sign in again.");
  }
  api.samlResponse.setAttribute("roles", roles);""",
    "omit": 'if (roles.length > 0) api.samlResponse.setAttribute("roles", roles);',
}
_FORMS = {"int": "/^-?[0-9]+$/", "boolean": "/^(true|false)$/"}


def code(plan: Auth0Plan) -> str:
    """The Action's code: generated from the plan's attributes, or the text of the plan's own file as it is."""
    if plan.action.code_file:
        return plan.action.code_file.text
    return _TEMPLATE.format(
        mark=Mark(plan.name),
        plan=json.dumps(plan.name),
        roles="\n".join(f"  {json.dumps(role)}," for role in sorted(ROLES)),
        key=PLAN_KEY,
        body="\n".join(_body(plan.action)),
    )


def _body(action: Action) -> Iterator[str]:
    """Roles come first: without one, a login may end there."""
    if roles := action.attributes.get("roles"):
        yield _ROLES.format(source=_javascript(roles), on_missing=_ON_MISSING[action.on_missing_roles])
    for name, path in action.attributes.items():
        if name != "roles":
            yield f"  send({', '.join(['api', json.dumps(name), _javascript(path), *_typed(name)])});"


def _javascript(path: str) -> str:
    return expression.javascript(expression.steps(path))


def _typed(name: str) -> list[str]:
    """The form of a claim's values and whether it is a list, where `name.TYPE` says so."""
    kind = claims.type_of(name)
    if kind is None:
        return []
    return [_FORMS.get(kind.removesuffix("array"), "/^/"), json.dumps(kind.endswith("array"))]
