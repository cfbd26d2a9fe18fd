"""Which credentials a run signs in with. They come from outside of the plan file; pydantic-settings reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from provisioner.adapters.okta.executor import ApiToken, PrivateKey
from provisioner.errors import CredentialsError


class OktaCredentials(BaseSettings):
    """What the environment, a `.env` file and a secrets directory say under these names; empty for nothing."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)

    okta_api_token: SecretStr = SecretStr("")
    okta_client_id: str = ""
    okta_private_key: SecretStr = SecretStr("")
    okta_dpop: bool = False


def chosen(sources: Sequence[OktaCredentials], scopes: tuple[str, ...]) -> ApiToken | PrivateKey:
    """The API token, else the service app's key, of the first source that has either.

    A plan's own credentials come first and win as a set: its service app is not passed over for an API token of all
    plans. Only the key may stand in a later source. Raises `CredentialsError` where nothing is there as a whole.
    """
    for place, source in enumerate(sources):
        if token := source.okta_api_token.get_secret_value().strip():
            return ApiToken(_header_safe(token))
        if source.okta_client_id:
            return _service_app(source, sources[place:], scopes)
    raise CredentialsError(
        "no credentials for Okta",
        hint="set OKTA_API_TOKEN, or OKTA_CLIENT_ID and OKTA_PRIVATE_KEY; for one plan alone, with its name in front:"
        " ACME_OKTA__OKTA_API_TOKEN for the plan acme-okta",
    )


def _header_safe(token: str) -> SecretStr:
    """The token, if a header can carry it; the network's own complaint would quote it."""
    if re.fullmatch(r"[!-~]+", token):
        return SecretStr(token)
    raise CredentialsError(
        "OKTA_API_TOKEN holds a blank, a line end or a sign outside of ASCII, which no token does",
        hint="copy it again; tokens are shown once, so make a new one if need be",
    )


def _service_app(source: OktaCredentials, sources: Sequence[OktaCredentials], scopes: tuple[str, ...]) -> PrivateKey:
    keys = (each.okta_private_key.get_secret_value().strip() for each in sources)
    key = next(filter(None, keys), "")
    if not key:
        raise CredentialsError(
            "OKTA_CLIENT_ID is set and OKTA_PRIVATE_KEY is not", hint="set it to the service app's key, PEM or JWK"
        )
    return PrivateKey(source.okta_client_id, SecretStr(key), scopes, source.okta_dpop)
