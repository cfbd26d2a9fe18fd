"""Which credentials a run signs in with. They come from outside of the plan file; pydantic-settings reads them."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from provisioner.adapters.okta.executor import ApiToken, PrivateKey
from provisioner.adapters.tokens import header_safe
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

    A plan's own credentials come first: its service app is not passed over for an API token of all plans. The key is
    looked for in all sources, the plan's own first. Raises `CredentialsError` where nothing is there as a whole.
    """
    for source in sources:
        if source.okta_api_token.get_secret_value():
            return ApiToken(header_safe(source.okta_api_token, "OKTA_API_TOKEN"))
        if source.okta_client_id:
            return _service_app(source, sources, scopes)
    raise CredentialsError(
        "no credentials for Okta",
        hint="set OKTA_API_TOKEN, or OKTA_CLIENT_ID and OKTA_PRIVATE_KEY; for one plan alone, with its name in front:"
        " ACME_OKTA__OKTA_API_TOKEN for the plan acme-okta",
    )


def _service_app(source: OktaCredentials, sources: Sequence[OktaCredentials], scopes: tuple[str, ...]) -> PrivateKey:
    keys = (each.okta_private_key for each in sources)
    key = next(filter(SecretStr.get_secret_value, keys), None)
    if key is None:
        raise CredentialsError(
            "OKTA_CLIENT_ID is set and OKTA_PRIVATE_KEY is not", hint="set it to the service app's key, PEM or JWK"
        )
    return PrivateKey(source.okta_client_id, key, scopes, source.okta_dpop)
