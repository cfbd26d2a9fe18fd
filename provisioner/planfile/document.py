"""YAML text to plain data of which every part has its line and column. Knows nothing of plans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

from provisioner.core.text import control_in, shortened
from provisioner.errors import InvalidPlan, Problem

Step = str | int
Place = tuple[int, int]
# Makes a value of a scalar's text and of the keys that lead to it; the item of a list has the key "".
Replace = Callable[[str, tuple[str, ...]], str]

# Aliases can make a small file mean a huge one; no plan comes near these.
MOST_NODES = 500_000
DEEPEST = 50

_TAG = "tag:yaml.org,2002:"
_MERGE = _TAG + "merge"
_SCALARS = {_TAG + name: name for name in ("str", "null", "bool", "int", "float", "timestamp", "value")}
_WORDS = {"bool": "boolean", "int": "number", "float": "number", "timestamp": "date"}
# YAML 1.1 also has octal (010), binary, sexagesimal (1:30) and grouped numbers, which nobody expects.
_PLAIN_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
# YAML 1.1 section 5.1, what a reader must refuse; as the set of what it may take, it is ten times as long to compile.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

_HINTS = {
    "mapping values are not allowed": "a value that contains `: ` must be quoted",
    "did not find expected ',' or": "inside {…} and […], a value with `${…}`, `{` or `[` must be quoted",
    "could not find expected ':'": "every line of a mapping is `key: value`",
    "did not find expected key": "the indentation or a quote is off, here or just above",
    "found unexpected end of stream": "a quote is opened and never closed",
}


class Complaint(Exception):
    """What `replace` raises when a scalar cannot be used; the document adds the place."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def _loader(text: str) -> Any:
    """PyYAML's pure composer on libyaml's parser: libyaml's own composer ends the process on deep nesting."""
    if not yaml.__with_libyaml__:
        return yaml.SafeLoader(text)

    from yaml._yaml import CParser

    class Loader(Composer, CParser, Resolver):
        def __init__(self) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            Resolver.__init__(self)

    return Loader()


class Document:
    """A YAML mapping as `data`, with what is wrong in it as YAML in `problems`, and the place of each part."""

    def __init__(self, file: str, root: MappingNode, data: dict[str, Any], problems: Sequence[Problem]) -> None:
        self.file = file
        self.data = data
        self.problems = tuple(problems)
        self._root = root

    def place(self, path: Sequence[Step]) -> Place:
        """Line and column of the value at `path`, or of its nearest ancestor that is there."""
        return _place(self._walk(path)[-1])

    def place_of_key(self, path: Sequence[Step]) -> Place:
        """Line and column of the key that `path` ends with."""
        parent = self._walk(path[:-1])[-1]
        keys = (key for key, _ in parent.value if key.value == path[-1]) if isinstance(parent, MappingNode) else ()
        return _place(next(iter(keys), parent))

    def written(self, path: Sequence[Step]) -> str | None:
        """The scalar at `path` as the file has it, before variables are replaced; None for anything else."""
        nodes = self._walk(path)
        found = len(nodes) == len(path) + 1 and isinstance(nodes[-1], ScalarNode)
        return str(nodes[-1].value) if found else None

    def path_of(self, dotted: str) -> tuple[Step, ...]:
        """The steps of `a.b[0].c` as far as they are there; keys may hold dots, so the longest that fits is taken."""
        node: Node | None = self._root
        steps: list[Step] = []
        while dotted and (found := _first_step(node, dotted)):
            step, dotted = found
            node = _child(node, step) if node else None
            steps.append(step)
        return tuple(steps)

    def _walk(self, path: Sequence[Step]) -> list[Node]:
        nodes: list[Node] = [self._root]
        for step in path:
            child = _child(nodes[-1], step)
            if child is None:
                break
            nodes.append(child)
        return nodes


def read_text(path: Path, shown: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises `InvalidPlan` where the file cannot be read, and with the place of a byte that is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidPlan([Problem(shown, 0, 0, f"cannot be read: {error.strerror}")]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place_in(content[: error.start].decode("utf-8", "replace"))
        message = f"the file is not UTF-8: byte 0x{content[error.start]:02x}"
        raise InvalidPlan([Problem(shown, line, column, message, "save it as UTF-8")]) from error


def parse(text: str, file: str, replace: Replace) -> Document:
    """The one document in `text`, every string with a `${` in it passed through `replace`.

    Raises `InvalidPlan` where the text is not YAML or not a mapping; smaller mistakes are in `Document.problems`.
    """
    root = _compose(text, file)
    if root is None:
        raise InvalidPlan([Problem(file, 1, 1, "the file is empty", "a plan starts with `version: 1`")])
    if not isinstance(root, MappingNode):
        raise InvalidPlan(
            [Problem(file, *_place(root), "expected a mapping of keys to values", "such as `version: 1`")]
        )
    builder = _Builder(file, replace)
    data = builder.build(root)
    return Document(file, root, data, builder.problems)


def _compose(text: str, file: str) -> Node | None:
    if unprintable := _UNPRINTABLE.search(text):
        message = f"the character U+{ord(unprintable[0]):04X} is not allowed"
        raise InvalidPlan([Problem(file, *_place_in(text[: unprintable.start()]), message)])
    loader = _loader(text)
    try:
        root: Node | None = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise InvalidPlan([_not_yaml(error, text, file)]) from error
    except RecursionError as error:
        raise InvalidPlan([Problem(file, 1, 1, f"nested deeper than {DEEPEST} levels")]) from error
    finally:
        loader.dispose()
    return root


def _not_yaml(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    problem = error.problem or "cannot be understood"
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "expected a single document" in (error.context or ""):
        return Problem(file, line, column, "a second document starts here", "a plan file holds one")
    written = text.split("\n")[line - 1 : line]
    indentation = written[0][: len(written[0]) - len(written[0].lstrip())] if written else ""
    if "\t" in indentation:
        return Problem(file, line, indentation.index("\t") + 1, "a tab in the indentation", "YAML wants spaces")
    hint = next((hint for words, hint in _HINTS.items() if words in problem), "")
    return Problem(file, line, column, f"not YAML: {problem}", hint)


class _Builder:
    """Nodes to data; collects what is wrong on the way and goes on."""

    def __init__(self, file: str, replace: Replace) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._replace = replace
        self._count = 0
        # Only its methods that turn a scalar's text into a value are used.
        self._constructor: Any = yaml.constructor.SafeConstructor()

    def build(self, node: Node, keys: tuple[str, ...] = ()) -> Any:
        self._count += 1
        if self._count > MOST_NODES or len(keys) > DEEPEST:
            raise InvalidPlan([_too_much(self._file, node, len(keys))])
        if isinstance(node, ScalarNode):
            return self._scalar(node, keys)
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            return [self.build(child, (*keys, "")) for child in node.value]
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return {key: self.build(value, (*keys, key)) for key, value in self._pairs(node)}
        return self._unsupported(node)

    def _pairs(self, node: MappingNode) -> Iterator[tuple[str, Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                self._report(key, "`<<` does not work in a plan file", "write the keys out")
            elif not isinstance(key, ScalarNode) or key.tag != _TAG + "str":
                self._odd_key(key)
            elif key.value in seen:
                message = f"duplicate key `{shortened(key.value)}`"
                self._report(key, message, f"it stands on line {seen[key.value]} already")
            else:
                self._refuse_control(key, control_in(key.value))
                seen[key.value] = key.start_mark.line + 1
                yield key.value, value

    def _odd_key(self, key: Node) -> None:
        if isinstance(key, ScalarNode):
            kind = _WORDS.get(_SCALARS.get(key.tag, ""), "value")
            shown = shortened(key.value)
            self._report(key, f"YAML reads the key `{shown}` as a {kind}", f'quote it: "{shown}"')
        else:
            self._report(key, "a key must be a string")

    def _scalar(self, node: ScalarNode, keys: tuple[str, ...]) -> Any:
        kind = _SCALARS.get(node.tag)
        if kind is None:
            return self._unsupported(node)
        try:
            if kind in ("str", "value"):
                return self._text(node, keys)
            if kind == "int" and not _PLAIN_INT.fullmatch(node.value):
                raise ValueError
            return getattr(self._constructor, f"construct_yaml_{kind}")(node)
        except Complaint as complaint:
            self._report(node, complaint.message, complaint.hint)
        except (ValueError, KeyError, AttributeError):
            # PyYAML's own way to say that a text does not fit a tag that somebody wrote out: `!!bool x`.
            self._report(node, f"`{node.value[:40]}` is not a plain {_WORDS[kind]}", "quote it, if it is text")
        return node.value

    def _text(self, node: ScalarNode, keys: tuple[str, ...]) -> str:
        text = self._replace(node.value, keys) if "${" in node.value else str(node.value)
        self._refuse_control(node, control_in(text, layout=True))
        return text

    def _refuse_control(self, node: Node, found: str) -> None:
        if found:
            self._report(node, f"the control character {found} is not allowed", "it could hide what the plan does")

    def _unsupported(self, node: Node) -> Any:
        self._report(node, f"the tag `{shortened(node.tag.replace(_TAG, '!!'))}` does not work in a plan file")
        return node.value if isinstance(node, ScalarNode) else None

    def _report(self, node: Node, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self._file, *_place(node), message, hint))


def _too_much(file: str, node: Node, depth: int) -> Problem:
    if depth > DEEPEST:
        return Problem(file, *_place(node), f"nested deeper than {DEEPEST} levels")
    hint = "people by the thousand belong in a CSV file; an alias (`*name`) repeats all that it stands for"
    return Problem(file, *_place(node), f"more than {MOST_NODES:,} values", hint)


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _first_step(node: Node | None, dotted: str) -> tuple[Step, str] | None:
    """The first step of a dotted path from `node`, and the rest of the path."""
    if isinstance(node, SequenceNode) and (index := re.match(r"\[(\d+)\]\.?", dotted)):
        return int(index[1]), dotted[index.end() :]
    if not isinstance(node, MappingNode):
        return None
    keys = sorted((str(key.value) for key, _ in node.value), key=len, reverse=True)
    for key in keys:
        if dotted == key or dotted.startswith((f"{key}.", f"{key}[")):
            return key, dotted[len(key) :].removeprefix(".")
    return None


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _place_in(before: str) -> Place:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
