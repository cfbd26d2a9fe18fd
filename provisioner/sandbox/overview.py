"""What the page at `/` says about each document of a part's state; it goes by common words and knows no vendor."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_NAMES = ("label", "login", "email", "name", "display_name", "friendly_name")
_IDS = ("id", "client_id", "user_id", "sid")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT.*")


@dataclass(frozen=True)
class Line:
    """One document: its name, its status, and what else is short enough to say."""

    name: str
    status: str
    details: str


def tables(state: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Give the lists of documents in a part's state by readable title: `appGroups` becomes `App groups`."""
    return {
        re.sub(r"(?=[A-Z])", " ", kind).capitalize(): [item for item in items if isinstance(item, Mapping)]
        for kind, items in state.items()
        if isinstance(items, list)
    }


def names_by_id(state: Mapping[str, Any]) -> dict[str, str]:
    """Give the name of every document in the state that has an id and a name."""
    named = ((_id(item), _own_name(_flat(item))) for items in tables(state).values() for item in items)
    return {identifier: name for identifier, name in named if identifier and name}


def line(item: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    """Give a document's line. Ids of others appear as their names; what has no name of its own is called by those."""
    facts = _flat(item)
    related = [names[_text(value)] for key, value in facts.items() if key not in _IDS and _text(value) in names]
    name = _own_name(facts) if _id(item) else ""
    return Line(
        name=name or " → ".join(related) or _id(item),
        status=str(facts.get("status", "")),
        details=", ".join(_details(facts, {name, *([] if name else related)}, names)),
    )


def _id(item: Mapping[str, Any]) -> str:
    return next((str(item[key]) for key in _IDS if key in item), "")


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    profile = item.get("profile")
    return {**item, **profile} if isinstance(profile, Mapping) else dict(item)


def _own_name(facts: Mapping[str, Any]) -> str:
    return next((str(facts[key]) for key in _NAMES if facts.get(key)), "")


def _details(facts: Mapping[str, Any], said: set[str], names: Mapping[str, str]) -> Iterable[str]:
    """Leave out links, times, switches and whatever is nested: the state as JSON has them."""
    for key, value in facts.items():
        text = names.get(_text(value), _text(value)) if key not in _IDS else _text(value)
        if text and text not in said and not key.startswith("_") and key != "status" and not _TIME.fullmatch(text):
            yield f"{key}: {text}"


def _text(value: object) -> str:
    """Give a value of one line as text, and nothing for any other."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return "" if "\n" in text else text
