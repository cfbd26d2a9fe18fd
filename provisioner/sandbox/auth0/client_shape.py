"""Which fields the body of a client has, and of which form (OpenAPI: createClient, updateClient)."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.sandbox.auth0.shapes import (
    FILLED,
    OBJECT,
    STRING,
    Shape,
    array,
    callback_url,
    choice,
    flag,
    mapping,
    nullable,
    record,
    text,
    url,
    url_or_empty,
    whole,
)

_INTEGER = whole()
_URL = text(form=url)
_STRINGS = array(STRING)
_FILLED_STRINGS = array(FILLED)
_LARGEST = 2**31 - 1


def _open(fields: Mapping[str, Shape], *needed: str) -> Shape:
    return record(fields, *needed, extra=True)


def _texts(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, STRING)


def _flags(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, flag)


_SAMLP = _open(
    _texts(
        "audience",
        "recipient",
        "signatureAlgorithm",
        "digestAlgorithm",
        "issuer",
        "destination",
        "nameIdentifierFormat",
        "authnContextClassRef",
    )
    | _flags(
        "createUpnClaim", "mapUnknownClaimsAsIs", "passthroughClaimsWithNoMapping", "mapIdentities", "signResponse"
    )
    | {"mappings": OBJECT, "lifetimeInSeconds": _INTEGER, "nameIdentifierProbes": _FILLED_STRINGS}
)
"""Open: `binding`, `logout`, `signingCert` and others are accepted although the document does not know them
(recording 01). A null where a type is declared is refused."""
_SALESFORCE = _open(_texts("clientid", "principal", "communityName", "community_url_section"))
_ADDONS = record(
    dict.fromkeys(("box", "cloudbees", "concur", "dropbox", "wsfed"), OBJECT)
    | {
        "samlp": _SAMLP,
        "aws": _open(_texts("principal", "role") | {"lifetime_in_seconds": whole(900, 43_200)}),
        "azure_blob": OBJECT,
        "azure_sb": _open(_texts("namespace", "sasKeyName", "sasKey", "entityPath") | {"expiration": _INTEGER}),
        "rms": _open({"url": _URL}, "url"),
        "mscrm": _open({"url": _URL}, "url"),
        "slack": _open(_texts("team"), "team"),
        "sentry": _open(_texts("org_slug", "base_url")),
        "echosign": _open(_texts("domain")),
        "egnyte": _open(_texts("domain")),
        "firebase": _open(
            _texts("secret", "private_key_id", "private_key", "client_email") | {"lifetime_in_seconds": _INTEGER}
        ),
        "newrelic": _open(_texts("account")),
        "office365": _open(_texts("domain", "connection")),
        "salesforce": _open({"entity_id": _URL}),
        "salesforce_api": _SALESFORCE,
        "salesforce_sandbox_api": _SALESFORCE,
        "layer": _open(_texts("providerId", "keyId", "privateKey", "principal"), "providerId", "keyId", "privateKey"),
        "sap_api": _open({"tokenEndpointUrl": _URL}),
        "sharepoint": _open(_texts("url")),
        "springcm": _open(_texts("acsurl")),
        "wams": _open(_texts("masterkey")),
        "zendesk": _open(_texts("accountName")),
        "zoom": _open(_texts("account")),
        "sso_integration": _open(_texts("name", "version")),
        "oag": nullable(record({})),
    }
)
_LOGOUT = _open(
    {
        "backchannel_logout_urls": _STRINGS,
        "backchannel_logout_initiators": _open({"mode": choice("custom", "all"), "selected_initiators": _STRINGS}),
        "backchannel_logout_session_metadata": nullable(_open({"include": flag})),
    }
)
_REFRESH_TOKEN = record(
    {
        "rotation_type": choice("rotating", "non-rotating"),
        "expiration_type": choice("expiring", "non-expiring"),
        "leeway": whole(0),
        "token_lifetime": whole(1, 157_788_000),
        "infinite_token_lifetime": flag,
        "idle_token_lifetime": whole(1),
        "infinite_idle_token_lifetime": flag,
        "policies": nullable(
            array(record({"audience": text(1, 600), "scope": _FILLED_STRINGS}, "audience", "scope"), least=1)
        ),
    },
    "rotation_type",
    "expiration_type",
)
_SESSION_TRANSFER = record(
    _flags(
        "can_create_session_transfer_token",
        "enforce_cascade_revocation",
        "allow_refresh_token",
        "enforce_online_refresh_tokens",
    )
    | {
        "allowed_authentication_methods": nullable(array(choice("cookie", "query"))),
        "enforce_device_binding": choice("ip", "asn", "none"),
        "delegation": nullable(
            record(_flags("allow_delegated_access") | {"enforce_device_binding": choice("ip", "asn")})
        ),
    }
)
_SOCIAL = record({"enabled": flag}, least=1)
_FEDCM = record({"is_enabled": flag}, least=1)
_MOBILE = _open(
    {
        "android": _open({"app_package_name": STRING, "sha256_cert_fingerprints": array(FILLED, least=1)}),
        "ios": _open(_texts("team_id", "app_bundle_identifier")),
    }
)
_QUOTA = record(
    {"client_credentials": record({"enforce": flag, "per_day": whole(1, _LARGEST), "per_hour": whole(1, _LARGEST)})},
    "client_credentials",
)
_OWN_APPS = ("native", "spa", "regular_web", "non_interactive", "resource_server", "express_configuration", "oag")
_BUSINESS_APPS = (
    "box",
    "cloudbees",
    "concur",
    "dropbox",
    "echosign",
    "egnyte",
    "mscrm",
    "newrelic",
    "office365",
    "rms",
)
_MORE_APPS = ("salesforce", "sentry", "sharepoint", "slack", "springcm", "sso_integration", "zendesk", "zoom")
_LEVELS = ("none", "fapi1_adv_pkj_par", "fapi1_adv_mtls_par", "fapi2_sp_pkj_mtls", "fapi2_sp_mtls_mtls")
_METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")


def _credentials(reference: bool) -> Shape:
    """A list of credentials: given in full when a client is made, and by id when it is changed."""
    needed = "id" if reference else "credential_type"
    return record({"credentials": array(record({needed: STRING}, needed, extra=not reference))}, "credentials")


_COMMON: dict[str, Shape] = (
    _flags(
        "is_token_endpoint_ip_header_trusted",
        "is_first_party",
        "oidc_conformant",
        "sso",
        "cross_origin_authentication",
        "sso_disabled",
        "custom_login_page_on",
        "require_pushed_authorization_requests",
        "require_proof_of_possession",
    )
    | _texts("custom_login_page", "custom_login_page_preview", "form_template", "initiate_login_uri")
    | dict.fromkeys(("allowed_origins", "web_origins", "allowed_logout_urls"), _STRINGS)
    | dict.fromkeys(("client_aliases", "allowed_clients", "grant_types"), _FILLED_STRINGS)
    | {
        "name": text(pattern="^[^<>]+$"),
        "description": text(most=140),
        "logo_uri": text(form=url_or_empty),
        "callbacks": array(text(form=callback_url)),
        "oidc_logout": _LOGOUT,
        "oidc_backchannel_logout": nullable(_LOGOUT),
        "session_transfer": nullable(_SESSION_TRANSFER),
        "app_type": choice(*_OWN_APPS, *_BUSINESS_APPS, *_MORE_APPS),
        "jwt_configuration": _open(
            {
                "lifetime_in_seconds": _INTEGER,
                "secret_encoded": flag,
                "scopes": OBJECT,
                "alg": choice("HS256", "RS256", "RS512", "PS256"),
            }
        ),
        "encryption_key": nullable(_open(_texts("pub", "cert", "subject"))),
        "addons": nullable(_ADDONS),
        "client_metadata": mapping(nullable(text(most=255)), most=10),
        "mobile": _MOBILE,
        "refresh_token": nullable(_REFRESH_TOKEN),
        "default_organization": nullable(record({"organization_id": FILLED, "flows": _STRINGS})),
        "compliance_level": nullable(choice(*_LEVELS)),
        "par_request_expiry": nullable(whole(10, 600)),
        "third_party_security_mode": choice("strict", "permissive"),
        "redirection_policy": choice("allow_always", "open_redirect_protection"),
        # Not in the document, but in recordings (replay: TestAccClientIdentityAssertionAuthorizationGrant).
        "identity_assertion_authorization_grant": nullable(record({"active": flag}, "active")),
    }
)
_CLEARED: dict[str, Shape] = {
    "token_endpoint_auth_method": choice("none", "client_secret_post", "client_secret_basic"),
    "cross_origin_loc": _URL,
    "organization_usage": choice("deny", "allow", "require"),
    "organization_require_behavior": choice("no_prompt", "pre_login_prompt", "post_login_prompt"),
    "organization_discovery_methods": array(choice("email", "organization_name"), least=1),
    "skip_non_verifiable_callback_uri_confirmation_prompt": flag,
    "token_exchange": record({"allow_any_profile_of_type": _FILLED_STRINGS}),
    "token_quota": _QUOTA,
    "express_configuration": OBJECT,
    "my_organization_configuration": OBJECT,
    "async_approval_notification_channels": array(choice("guardian-push", "email"), least=1),
    "native_social_login": record(dict.fromkeys(("apple", "facebook", "google"), nullable(_SOCIAL)), least=1),
    "fedcm_login": record({"google": nullable(_FEDCM)}, least=1),
}
"""Fields that an update may clear with a null, and a creation may not."""


def _signed_requests(reference: bool) -> Shape:
    return record({"required": flag, "credentials": array(record({}, extra=True))} if not reference else _BY_ID)


_BY_ID: dict[str, Shape] = {"required": flag, "credentials": array(record({"id": STRING}, "id"))}


def _methods(reference: bool) -> Shape:
    return record(dict.fromkeys(_METHODS, _credentials(reference)), least=1, most=1)


CREATE = record(
    _COMMON
    | _CLEARED
    | {
        "resource_server_identifier": text(1, 600),
        "client_authentication_methods": _methods(reference=False),
        "signed_request_object": _signed_requests(reference=False),
        "token_vault_privileged_access": OBJECT,
    },
    "name",
)
UPDATE = record(
    _COMMON
    | {name: nullable(shape) for name, shape in _CLEARED.items()}
    | {
        "client_secret": FILLED,
        "client_authentication_methods": nullable(_methods(reference=True)),
        "signed_request_object": nullable(_signed_requests(reference=True)),
        "token_vault_privileged_access": nullable(OBJECT),
    },
    least=1,
)
