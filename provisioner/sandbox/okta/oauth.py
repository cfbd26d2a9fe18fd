"""Access tokens of service apps."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from provisioner.sandbox.okta import errors
from provisioner.sandbox.world import Visit


@dataclass(frozen=True)
class Granted:
    """What an access token stands for."""

    client: str
    scopes: frozenset[str]


def examine(_request: Request, _visit: Visit, _scheme: str, _token: str) -> Granted:
    """What the token grants. No client can get one yet: always E0000011."""
    raise errors.invalid_token()
