"""The Action's place in the login flow, which it shares with other people's Actions. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from provisioner.core.resource import Found, Resource, Value
from provisioner.errors import Refusal, Refused

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

Json = dict[str, Any]

KIND = "binding"
# An Action of others in the flow: seen and reported, never touched.
BESIDE = "action_beside_the_plan"


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole login flow in its order, and the id of the plan's Action, "" while there is none.

    `managed` holds the ids of the Actions that plans manage, this one's or another's.
    """

    bindings: tuple[Json, ...]
    action_id: str
    managed: frozenset[str] = frozenset()

    @property
    def ids(self) -> tuple[str, ...]:
        """What the flow is told by: Auth0 gives every binding a new id at each write."""
        return tuple(binding["id"] for binding in self.bindings)

    @property
    def others(self) -> tuple[Json, ...]:
        """The bindings that are not the plan's."""
        return tuple(binding for binding in self.bindings if not self.is_ours(binding))

    @property
    def now(self) -> int | None:
        """How many of the others run before the plan's Action, None while it is not in the flow."""
        return next((at for at, binding in enumerate(self.bindings) if self.is_ours(binding)), None)

    @property
    def foreign(self) -> list[int]:
        """The places, among the others, of those that no plan manages."""
        return [at for at, binding in enumerate(self.others) if not self.is_managed(binding)]

    @property
    def is_written_by_others(self) -> bool:
        """Whether Actions that no plan manages write the SAML response."""
        return any(writes_response(self.others[at]) for at in self.foreign)

    def is_managed(self, binding: Json) -> bool:
        """Whether a plan manages the Action of this binding."""
        return _action_id(binding) in self.managed

    def is_ours(self, binding: Json) -> bool:
        """Whether it is the plan's Action that runs there."""
        return bool(self.action_id) and _action_id(binding) == self.action_id


def wanted(plan: Auth0Plan) -> Resource:
    """The place in the flow: as the plan says it, and as the whole resulting order once the flow is known."""

    def given(there: Found) -> Mapping[str, Value]:
        flow = cast(Flow, there.native)
        others = [_shown(plan, flow, binding) for binding in flow.others]
        at = place(plan, flow)
        return {"order": (*others[:at], plan.action.name, *others[at:])}

    return Resource(KIND, plan.action.name, {"order": " ".join(plan.action.position).strip()}, given=given)


def found(plan: Auth0Plan, flow: Flow) -> Found:
    """The flow as it is; it is always there, with the Action or without.

    Raises `Refused` where the plan places the Action beside one that is not in the flow.
    """
    place(plan, flow)
    order = tuple(_shown(plan, flow, binding) for binding in flow.bindings)
    return Found(KIND, plan.action.name, {"order": order}, native=flow)


def body(plan: Auth0Plan, flow: Flow) -> Json:
    """What `PATCH …/bindings` takes: it replaces the whole flow, so that everybody else's stay, in their order."""
    ours = {"ref": {"type": "action_id", "value": flow.action_id}, "display_name": plan.action.name}
    others = [
        {"ref": {"type": "binding_id", "value": binding["id"]}, "display_name": name(binding)}
        for binding in flow.others
    ]
    at = place(plan, flow)
    return {"bindings": [*others[:at], ours, *others[at:]]}


def is_as(body: Json, flow: Flow) -> bool:
    """Whether the flow is what such a body asks for: the same names in the same order, our Action among them."""
    wanted = [each["display_name"] for each in body["bindings"]]
    return wanted == [name(each) for each in flow.bindings] and len(flow.others) == len(wanted) - 1


def name(binding: Json) -> str:
    """What people see of a binding in the flow."""
    return str(binding.get("display_name") or (binding.get("action") or {}).get("name") or binding["id"])


def code(binding: Json) -> str:
    """The code that the flow runs, as far as the list of bindings tells it."""
    there: Json = binding.get("action") or {}
    return str((there.get("deployed_version") or {}).get("code") or there.get("code") or "")


def writes_response(binding: Json) -> bool:
    """Whether the Action of this binding has to do with the SAML response, as far as a text search tells."""
    return "samlResponse" in code(binding)


def place(plan: Auth0Plan, flow: Flow) -> int:
    """How many of the others run before ours. A neighbour may be called as its binding is, or as its Action.

    First and last are so among Actions that no plan manages: two plans would otherwise move each other's for ever.
    """
    where, neighbour = plan.action.position
    others = flow.others
    if where == "first":
        return min([flow.now or 0, *flow.foreign[:1]])
    if where == "last":
        return max([len(others) if flow.now is None else flow.now, *(at + 1 for at in flow.foreign[-1:])])
    shown = [name(binding) for binding in others]
    names = shown if neighbour in shown else [(binding.get("action") or {}).get("name") for binding in others]
    if neighbour not in names:
        there = ", ".join(shown) or "nothing"
        message = f"the Action is to run {where} `{neighbour}`, which is not in the login flow: it holds {there}"
        raise Refused((Refusal("missing", message, (f"{KIND}:{plan.action.name}",)),))
    return names.index(neighbour) + (where == "after")


def _shown(plan: Auth0Plan, flow: Flow, binding: Json) -> str:
    """The name in the order: ours as planned, whatever its binding is called; another one that is called so by its id.

    What a binding is called is free, and twice the same may stand there.
    """
    if flow.is_ours(binding):
        return plan.action.name
    called = name(binding)
    return f"{called} ({_action_id(binding)})" if called == plan.action.name else called


def _action_id(binding: Json) -> str:
    return str((binding.get("action") or {}).get("id") or "")
