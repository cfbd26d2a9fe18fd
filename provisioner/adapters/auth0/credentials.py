"""Which credentials a run signs in with. They come from outside of the plan file; pydantic-settings reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from provisioner.adapters.tokens import header_safe
from provisioner.errors import CredentialsError


class Auth0Credentials(BaseSettings):
    """What the environment, a `.env` file and a secrets directory say under these names; empty for nothing."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)

    auth0_api_token: SecretStr = SecretStr("")
    auth0_client_id: str = ""
    auth0_client_secret: SecretStr = SecretStr("")
    auth0_client_assertion_key: SecretStr = SecretStr("")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A Management API token that somebody fetched already."""

    token: SecretStr


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine-to-machine application, with its secret or its private RSA key (PEM)."""

    client_id: str
    secret: SecretStr | None = None
    key: SecretStr | None = None


def chosen(sources: Sequence[Auth0Credentials]) -> ApiToken | Machine:
    """The API token, else the application's credentials, of the first source that has either.

    A plan's own credentials come first: its application is not passed over for an API token of all plans. Secret or
    key are looked for in all sources, the plan's own first. Raises `CredentialsError` where nothing is there as a
    whole.
    """
    for source in sources:
        if source.auth0_api_token.get_secret_value():
            return ApiToken(header_safe(source.auth0_api_token, "AUTH0_API_TOKEN"))
        if source.auth0_client_id:
            return _machine(source.auth0_client_id, sources)
    raise CredentialsError(
        "no credentials for Auth0",
        hint="set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or AUTH0_API_TOKEN; for one plan alone, with its name in"
        " front: ACME_AUTH0__AUTH0_CLIENT_ID for the plan acme-auth0",
    )


def _machine(client_id: str, sources: Sequence[Auth0Credentials]) -> Machine:
    for source in sources:
        if source.auth0_client_assertion_key.get_secret_value():
            return Machine(client_id, key=source.auth0_client_assertion_key)
        if source.auth0_client_secret.get_secret_value():
            return Machine(client_id, secret=source.auth0_client_secret)
    raise CredentialsError(
        "AUTH0_CLIENT_ID is set, and neither AUTH0_CLIENT_SECRET nor AUTH0_CLIENT_ASSERTION_KEY is",
        hint="set the application's secret, or its private key (PEM)",
    )
