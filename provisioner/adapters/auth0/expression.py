"""Where an attribute of the Action comes from: a path into the login's `event`, read and written anew. Pure."""

from __future__ import annotations

import json
import re

Step = str | int

_IDENTIFIER = r"[A-Za-z_$][A-Za-z0-9_$]*"
_STEP = re.compile(
    rf"""\s*\??\.\s*(?P<name>{_IDENTIFIER})
    |\s*(?:\?\.)?\s*\[\s*(?:(?P<index>[0-9]{{1,6}})|"(?P<double>[^"\\\n]*)"|'(?P<single>[^'\\\n]*)')\s*\]""",
    re.VERBOSE,
)


def steps(text: str) -> tuple[Step, ...]:
    """The steps from `event` on: names, and indices of lists. Raises `ValueError` for whatever is not such a path."""
    root, found = text.strip(), []
    if not re.match(r"event\b", root):
        raise ValueError("it does not start with `event.`")
    at = len("event")
    while at < len(root):
        match = _STEP.match(root, at)
        if not match:
            raise ValueError(f"`{root[at:].strip()}` is not a step of a path")
        found.append(_step(match))
        at = match.end()
    if not found:
        raise ValueError("it names nothing of the event")
    return tuple(found)


def javascript(path: tuple[Step, ...]) -> str:
    """The path as an expression that is `undefined`, and no error, where something on the way is missing."""
    access = "".join(map(_access, path))
    # `event` itself is always there.
    return "event" + access.removeprefix("?." if access.startswith("?.[") else "?")


def _step(match: re.Match[str]) -> Step:
    if match["index"] is not None:
        return int(match["index"])
    return next(text for text in (match["name"], match["double"], match["single"]) if text is not None)


def _access(step: Step) -> str:
    if isinstance(step, str) and re.fullmatch(_IDENTIFIER, step):
        return f"?.{step}"
    # JSON in ASCII is a literal of JavaScript, whatever is in the text.
    return f"?.[{json.dumps(step)}]"
