"""Holds a vendor's answer against what the program reads of it, so that nothing behind has to expect anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from provisioner.adapters.http.redact import shown_path
from provisioner.errors import VendorError

# Goes into paths and messages.
Id = Annotated[str, Field(pattern=r"^[^\s/?#%<>\x00-\x1f]+$")]


class Shape(BaseModel):
    """A JSON object. Only what a subclass names is looked at, and never converted."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class Shapes:
    """A vendor's answers by "METHOD /path", which is a pattern. An answer that nobody reads stands in no line."""

    def __init__(self, vendor: str, table: Mapping[str, Any]) -> None:
        self._vendor, self._table = vendor, table
        self._adapter = cache(lambda pattern: TypeAdapter(table[pattern]))

    def check(self, method: str, path: str, data: Any, *, status: int, request_id: str) -> None:
        """Raises `VendorError` where the answer to this request lacks what is read of it, or holds something else."""
        pattern = next((each for each in self._table if re.fullmatch(each, f"{method} {path}")), None)
        if pattern is None:
            return
        try:
            self._adapter(pattern).validate_python(data)
        except ValidationError as error:
            problem = _first(error)
        else:
            return
        raise VendorError(
            f"{self._vendor}'s answer to {method} {shown_path(path)} is not what its API promises ({problem})",
            status=status,
            request_id=request_id,
            hint=f"try again, then ask {self._vendor}'s support" + (f" about request {request_id}" * bool(request_id)),
        )


def _first(error: ValidationError) -> str:
    """The first problem: where it is, and what should be there; never what is."""
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(step) for step in problem["loc"])
    message = f"{problem['msg'][:1].lower()}{problem['msg'][1:]}"
    return f"{place}: {message}" if place else message
