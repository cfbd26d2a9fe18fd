"""Whether an answer of the sandbox has the shape of the recorded one, and what the two call the same thing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

IDENTITY = re.compile(r"[0-9a-z]{3}[A-Za-z0-9]{17}|[A-Za-z0-9_-]{43}|[a-z0-9-]+_[a-z0-9]+_\d+")
"""Object ids, key ids, generated app names."""


class Names:
    """What the sandbox calls the things of a run, by what the recording calls them.

    `identity` says what an identity looks like, `keys` where an object has its own.
    """

    def __init__(self, identity: re.Pattern[str] = IDENTITY, keys: tuple[str, ...] = ("id",)) -> None:
        self.known: dict[str, str] = {}
        self.identity, self._keys = identity, keys

    def key(self, entry: Any) -> str | None:
        """The identity of an object, or None where it has none."""
        return next((entry[name] for name in self._keys if name in entry), None) if isinstance(entry, dict) else None

    def learn(self, recorded: Any, ours: Any) -> None:
        """Take over every identity that stands at the same place in both."""
        if isinstance(recorded, dict) and isinstance(ours, dict):
            for name in recorded.keys() & ours.keys():
                self.learn(recorded[name], ours[name])
        elif isinstance(recorded, list) and isinstance(ours, list):
            for one, other in self.pairs(recorded, ours):
                self.learn(one, other)
        elif isinstance(recorded, str) and isinstance(ours, str) and self.identity.fullmatch(recorded):
            self.known.setdefault(recorded, ours)

    def translate(self, value: Any) -> Any:
        """The value with every recorded identity replaced by ours, also inside of text and in keys."""
        if isinstance(value, dict):
            return {self.translate(name): self.translate(entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [self.translate(entry) for entry in value]
        if not isinstance(value, str):
            return value
        if value in self.known:
            return self.known[value]
        return re.sub(r"[A-Za-z0-9_-]{5,}", lambda match: self._word(match[0]), value)

    def _word(self, word: str) -> str:
        if word in self.known:
            return self.known[word]
        stem = word.removesuffix("_link")
        return self.known.get(stem, stem) + word[len(stem) :]

    def pairs(self, recorded: list[Any], ours: list[Any]) -> Iterator[tuple[Any, Any]]:
        """The entries of two lists that are about the same thing: by identity or name, and else by place."""
        if all(self.key(entry) for entry in [*recorded, *ours]):
            by_id = {self.key(entry): entry for entry in ours}
            by_name = {title(entry): entry for entry in ours if title(entry)}
            for entry in recorded:
                match = by_id.get(self.known.get(str(self.key(entry)), "")) or by_name.get(title(entry))
                if match:
                    yield entry, match
        else:
            yield from zip(recorded, ours, strict=False)


def identities(value: Any, identity: re.Pattern[str] = IDENTITY) -> set[str]:
    """Every identity in a JSON value."""
    if isinstance(value, dict):
        return set().union(*(identities(entry, identity) for entry in value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*(identities(entry, identity) for entry in value)) if value else set()
    return {value} if isinstance(value, str) and identity.fullmatch(value) else set()


def title(entry: Mapping[str, Any]) -> str | None:
    """What people call a group or an app."""
    name = (entry.get("profile") or {}).get("name") or entry.get("label")
    return f"{entry.get('type')} {name}" if name else None


def differences(recorded: Any, ours: Any, names: Names, place: str = "") -> Iterator[str]:
    """Every missing key, invented key and other JSON type, as lines that say where."""
    if kind(recorded) != kind(ours):
        yield f"{place}: {kind(ours)} instead of {kind(recorded)}"
    elif isinstance(recorded, dict):
        yield from _object_differences(recorded, ours, names, place)
    elif isinstance(recorded, list):
        if not place.endswith("[]") and len(recorded) != len(ours) and place:
            yield f"{place}: {len(ours)} entries instead of {len(recorded)}"
        for one, other in names.pairs(recorded, ours):
            yield from differences(one, other, names, f"{place}[]")
    elif isinstance(recorded, str) and recorded.startswith("<?xml"):
        yield from _xml_differences(recorded, ours)


def _object_differences(recorded: Any, ours: Any, names: Names, place: str) -> Iterator[str]:
    recorded = {names.translate(name) if place.endswith(".appLinks") else name: recorded[name] for name in recorded}
    for name in sorted(recorded.keys() - ours.keys()):
        yield f"{place}.{name}: missing"
    for name in sorted(ours.keys() - recorded.keys()):
        yield f"{place}.{name}: invented"
    for name in recorded.keys() & ours.keys():
        yield from differences(recorded[name], ours[name], names, f"{place}.{name}")


def lost_and_found(recorded: list[Any], ours: list[Any], names: Names) -> Iterator[str]:
    """What a whole list lacks or has too much of, as far as it is about things that the run made."""
    if not all(names.key(entry) for entry in [*recorded, *ours]):
        return
    wanted = {names.known[str(names.key(entry))] for entry in recorded if names.key(entry) in names.known}
    got = {str(names.key(entry)) for entry in ours} & set(names.known.values())
    yield from (f"{key} is not in the list" for key in wanted - got)
    yield from (f"{key} should not be in the list" for key in got - wanted)


_VOLATILE = re.compile(
    r"(created|lastUpdated|activated|statusChanged|passwordChanged|lastMembershipUpdated|expiresAt|lastLogin|x5c|n|orn"
    r"|x5t#S256|href|client_secret|errorId|errorSummary|kid|\$schema|id|cell|realmId|name|appLinks|companyName|subdomain"
    r"|website|logo)$"
)


def other_values(
    recorded: Any, ours: Any, names: Names, place: str = "", volatile: re.Pattern[str] = _VOLATILE
) -> Iterator[str]:
    """Every plain value that is another, except times, identities, secrets and addresses: what is `volatile`."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        for name in recorded.keys() & ours.keys():
            if not volatile.match(name):
                yield from other_values(recorded[name], ours[name], names, f"{place}.{name}", volatile)
    elif isinstance(recorded, list) and isinstance(ours, list):
        for one, other in names.pairs(recorded, ours):
            yield from other_values(one, other, names, f"{place}[]", volatile)
    elif names.translate(recorded) != ours and not isinstance(recorded, list | dict) and "<?xml" not in str(recorded):
        yield f"{place}: {ours!r} instead of {recorded!r}"


def kind(value: Any) -> str:
    """The JSON type; numbers are one type, as in JSON."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {dict: "object", list: "array", str: "string", type(None): "null"}[type(value)]


def _xml_differences(recorded: str, ours: str) -> Iterator[str]:
    """Other elements or attributes, in order; the replay file cuts text after 2,000 characters, so ours may go on."""
    one, other = _outline(recorded), _outline(ours)
    if not recorded.endswith("</md:EntityDescriptor>"):
        other = other[: len(one)]
    if one != other:
        yield f"XML: {other} instead of {one}"


def _outline(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every complete tag with the names of its attributes."""
    tags = re.findall(r"<([/\w:?]+)([^<>]*)>", text)
    return [(name, tuple(sorted(re.findall(r"([\w:]+)=", rest)))) for name, rest in tags]
