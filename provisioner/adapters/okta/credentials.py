"""Which credentials a plan runs with, from the environment that is handed in."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from provisioner.adapters.okta.executor import ApiToken, PrivateKey
from provisioner.errors import CredentialsError

_TRUE = {"1", "true", "yes", "on"}


def credentials(plan_name: str, environment: Mapping[str, str], scopes: tuple[str, ...]) -> ApiToken | PrivateKey:
    """The API token, else the service app's key. `ACME_OKTA__NAME` wins over `NAME` for the plan `acme-okta`.

    Raises `CredentialsError` where neither is there as a whole.
    """
    prefix = plan_name.upper().replace("-", "_") + "__"
    own = {name.removeprefix(prefix): value for name, value in environment.items() if name.startswith(prefix)}
    # A plan's own credentials win as a set: its service app is not passed over for an API token of all plans.
    for source in (own, environment):
        if token := source.get("OKTA_API_TOKEN", "").strip():
            return ApiToken(SecretStr(token))
        if client_id := source.get("OKTA_CLIENT_ID", "").strip():
            return _service_app(client_id, {**environment, **own}, scopes)
    raise CredentialsError(
        f"no credentials for the plan {plan_name}",
        hint=f"set OKTA_API_TOKEN, or OKTA_CLIENT_ID and OKTA_PRIVATE_KEY; with {prefix} in front, for this plan alone",
    )


def _service_app(client_id: str, values: Mapping[str, str], scopes: tuple[str, ...]) -> PrivateKey:
    key = values.get("OKTA_PRIVATE_KEY", "").strip()
    if not key:
        raise CredentialsError(
            "OKTA_CLIENT_ID is set and OKTA_PRIVATE_KEY is not", hint="set it to the service app's key, PEM or JWK"
        )
    dpop = values.get("OKTA_DPOP", "").strip().lower() in _TRUE
    return PrivateKey(client_id, SecretStr(key), scopes, dpop)
