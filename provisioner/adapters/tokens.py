"""Tokens that people hand over: whether a header can carry them. The same for every vendor."""

from __future__ import annotations

import re

from pydantic import SecretStr

from provisioner.errors import CredentialsError


def header_safe(token: SecretStr, variable: str) -> SecretStr:
    """The token itself. Raises `CredentialsError` where no header can carry it: the network would quote it in full."""
    if re.fullmatch(r"[!-~]+", token.get_secret_value()):
        return token
    raise CredentialsError(
        f"{variable} holds a blank, a line end or a sign outside of ASCII, which no token does",
        hint="copy it again; where tokens are shown only once, make a new one",
    )
