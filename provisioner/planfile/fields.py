"""Kinds of values in the sections that every provider shares: what is taken, what is refused and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Annotated, Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from provisioner.core.text import control_in, shortened
from provisioner.flex.roles import ROLES, suggestion
from provisioner.planfile.credentials import COME_FROM, NEVER_IN_PLAN, looks_like_credential


class Source(NamedTuple):
    """Where a plan comes from; the `context` of its validators, for what cannot be told from the value alone.

    `written` gives the scalar at a path as the file has it, before variables are replaced.
    """

    folder: Path
    written: Callable[[Sequence[str | int]], str | None]


def mistake(message: str, hint: str = "") -> PydanticCustomError:
    """An error that a validator raises to have `message` and `hint` shown as they are."""
    return PydanticCustomError("mistake", "{message}", {"message": message, "hint": hint})


def without_credentials(section: dict[str, Any]) -> dict[str, Any]:
    """The mapping itself; raises where one of its keys, however deep, is named as credentials are."""
    _refuse_credentials(section)
    return section


def _refuse_credentials(value: object) -> None:
    if isinstance(value, dict):
        for key in value:
            if looks_like_credential(key):
                raise mistake(NEVER_IN_PLAN.format(key), COME_FROM)
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            _refuse_credentials(part)


def one_line(text: str) -> str:
    """The text itself; raises where it has a line end or a tab, which no name and no expression has."""
    if control := control_in(text):
        raise mistake(f"expected one line of text, found {control} in it", "in YAML, `>-` folds lines into one")
    return text


def below(folder: Path, written: str) -> Path:
    """The file that a plan names, as it is seen from the plan's folder; raises where it lies anywhere else.

    A plan may come from somebody who must not have the program read and quote other files.
    """
    path = folder / written
    try:
        is_below = path.resolve().is_relative_to(folder.resolve())
        path.stat()
    except FileNotFoundError:
        pass  # whoever reads it says so
    except (OSError, RuntimeError, ValueError) as error:
        words = getattr(error, "strerror", None) or error
        raise mistake(f"`{shortened(written)}` cannot be the path of a file: {words}") from error
    if not is_below or PurePath(written).is_absolute() or ".." in PurePath(written).parts:
        raise mistake(f"`{shortened(written)}` is not below the plan file's folder", "put the file there")
    return path


def user_file(folder: Path, written: str) -> Path:
    """The CSV file that a plan names; raises where it is no such file, or lies elsewhere than the plan."""
    if PurePath(written).suffix.lower() != ".csv":
        raise mistake(f"`{shortened(written)}` is not a .csv file")
    return below(folder, written)


def _user_file(written: str, info: ValidationInfo) -> str:
    source: Source | None = info.context
    user_file(source.folder if source else Path(), written)
    return written


def known_role(role: str) -> str:
    """The role itself; raises for one that Flex does not know."""
    if role not in ROLES:
        near = suggestion(role)
        raise mistake(f"unknown role `{role}`", f"did you mean `{near}`?" if near else f"Flex knows {_list(ROLES)}")
    return role


def attributes(given: dict[str, Any]) -> dict[str, Any]:
    """The attributes themselves; raises where one is neither a scalar nor a list of scalars."""
    for name, value in given.items():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, (str, int, float)) for part in parts):
            raise mistake(f"`{name}` must be a string, a number, true, false or a list of these")
    return given


def words(text: str) -> str:
    """The text itself; raises where nothing is said in it."""
    if not text.strip():
        raise mistake("expected some words, found none")
    return text


def ignored_path(path: str) -> str:
    """The path itself; raises where it fits everything, so that nothing would ever be told."""
    if not path.strip("*:. "):
        raise mistake(
            f"`{path}` takes out everything, so that no drift would ever be told", "name a kind: application:*"
        )
    return path


def split_url(text: str) -> SplitResult:
    """The parts of a URL, the port checked; raises where they cannot be told."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise mistake(f"`{text}` is not a URL: {error}") from error
    return parts


def web_address(text: str) -> str:
    """The text itself; raises where it is not an absolute http(s) URL."""
    parts = split_url(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        hint = f"https://{text}" if "://" not in text else text.replace(parts.scheme, "https", 1)
        raise mistake(f"expected a URL that starts with https://, found `{text}`", f"did you mean `{hint}`?")
    return text


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


# Keys that the vendor names.
FreeForm = Annotated[dict[str, Any], AfterValidator(without_credentials)]
Attributes = Annotated[FreeForm, AfterValidator(attributes)]
Line = Annotated[str, AfterValidator(one_line)]
Text = Annotated[Line, Field(min_length=1)]
Words = Annotated[Line, AfterValidator(words), Field(json_schema_extra={"pattern": r"\S"})]
IgnoredPath = Annotated[Text, AfterValidator(ignored_path), Field(json_schema_extra={"pattern": "[^*:. ]"})]
UserFile = Annotated[Text, AfterValidator(_user_file)]
WebAddress = Annotated[Line, AfterValidator(web_address), Field(json_schema_extra={"pattern": "^https?://"})]
Role = Annotated[str, AfterValidator(known_role), Field(json_schema_extra={"enum": sorted(ROLES)})]
Roles = Annotated[list[Role], Field(min_length=1, description="Roles in Flex; wfo.* count beside supervisor or admin.")]
