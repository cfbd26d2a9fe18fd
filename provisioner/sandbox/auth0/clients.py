"""Clients, which the dashboard calls applications: create, read, list, update and delete them."""

from __future__ import annotations

import secrets
from typing import Any

from provisioner.sandbox.auth0 import client_shape, connections, errors, ids, keys, paging, shapes, tokens
from provisioner.sandbox.auth0.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_READ = ("read:clients", "read:client_keys", "read:client_summary")
_KEYS = ("client_secret", "signing_keys", "encryption_key")
"""Only for tokens with `read:client_keys` (OpenAPI: getClients)."""
_SUMMARY = ("client_id", "name", "app_type", "logo_uri", "is_first_party")
_MERGED = ("addons", "client_metadata", "jwt_configuration", "mobile", "native_social_login", "session_transfer")
"""Objects whose keys an update changes one by one, where all others are replaced (recordings 06 and 07, replay)."""
_CONFIDENTIAL = ["authorization_code", "implicit", "refresh_token", "client_credentials"]
_ALWAYS = {
    "global": False,
    "is_token_endpoint_ip_header_trusted": False,
    "is_first_party": True,
    "oidc_conformant": False,
    "sso_disabled": False,
    "cross_origin_authentication": False,
    "custom_login_page_on": True,
    "callback_url_template": False,
}
_SESSION_TRANSFER = {
    "can_create_session_transfer_token": False,
    "allowed_authentication_methods": [],
    "enforce_device_binding": "ip",
    "allow_refresh_token": False,
    "enforce_online_refresh_tokens": True,
    "enforce_cascade_revocation": True,
}
FAKE_KEY = """-----BEGIN RSA PRIVATE KEY-----\r
NotARealKeyButWhatTheVendorSendsHere{salt}\r
-----END RSA PRIVATE KEY-----\r
"""
"""Where the vendor's answer to a creation holds the tenant's private key (recording 10), a text that looks like it."""


def seed(visit: Visit) -> None:
    """The clients that every tenant has, and the two that may call the Management API; like new ones, with connections.

    Not so the one that stands for all (its `global` field).
    """
    everything = _blank(visit, {"name": "All Applications"}) | {"global": True}
    machine = {"app_type": "non_interactive", "grant_types": ["client_credentials"]}
    signing = {"private_key_jwt": {"credentials": [{"id": ids.prefixed("cred", 22)}]}}
    for body in (
        everything,
        _blank(visit, {"name": "Default App"}),
        _blank(visit, {"name": "Sandbox client", **machine})
        | {"client_id": tokens.PLAIN, "client_secret": tokens.SECRET},
        _blank(visit, {"name": "Sandbox client with a key", **machine, "client_authentication_methods": signing})
        | {"client_id": tokens.SIGNING},
    ):
        save(visit, body)
        if not body["global"]:
            connections.enable_for_new_client(visit, body["client_id"])


def save(visit: Visit, client: Body) -> None:
    """Write the client."""
    visit.documents.put("client", client["client_id"], client)


def create(call: Call) -> Answer:
    """A new client; names need not be unique. The answer alone holds the tenant's private key (recordings 08, 10)."""
    given = shapes.require(client_shape.CREATE, call.body)
    client = _blank(call.visit, given) | _registered(given)
    save(call.visit, client)
    connections.enable_for_new_client(call.visit, client["client_id"])
    key = {"key": FAKE_KEY.format(salt=secrets.token_hex(32)), "subject": keys.subject(call.visit)}
    return Answer(client | {"encrypted": True, "signing_keys": [_signing_key(call.visit) | key]}, 201)


def _blank(visit: Visit, given: Body) -> Body:
    """A client with what the vendor adds to the fields that were given (recordings 01 and 08, replay)."""
    public = given.get("token_endpoint_auth_method") == "none"
    client: Body = {
        **_ALWAYS,
        "tenant": visit.tenant,
        "cross_origin_auth": given.get("cross_origin_authentication", False),
        "grant_types": [grant for grant in _CONFIDENTIAL if not public or grant != "client_credentials"],
        "client_id": ids.client(),
        "client_secret": ids.secret(),
        **_without_nulls(given),
        "jwt_configuration": _jwt(given),
        "refresh_token": _refresh_token(given),
    }
    if given.get("session_transfer") is not None:
        client["session_transfer"] = _without_nulls(_SESSION_TRANSFER | given["session_transfer"])
    if given.get("app_type") == "resource_server":
        client |= {"grant_types": [], "oidc_conformant": True}
    if not client["is_first_party"]:
        client |= {"oidc_conformant": True} | ({"third_party_security_mode": "permissive"} | given)
    return client


def _jwt(given: Body) -> Body:
    """The lifetime is filled in only where nothing was given (replay)."""
    if given.get("app_type") == "resource_server":
        return {"secret_encoded": False, "alg": "RS256"}
    wanted: Body = given.get("jwt_configuration", {"lifetime_in_seconds": 36_000})
    return {"secret_encoded": False} | wanted


def _refresh_token(given: Body) -> Body:
    """Longer by default for clients that authenticate with a secret (replay)."""
    long = str(given.get("token_endpoint_auth_method")).startswith("client_secret")
    wanted = given.get("refresh_token") or {}
    endless = wanted.get("expiration_type", "non-expiring") == "non-expiring"
    return {
        "rotation_type": "non-rotating",
        "expiration_type": "non-expiring",
        "leeway": 0,
        "token_lifetime": 31_557_600 if long else 2_592_000,
        "infinite_token_lifetime": endless,
        "infinite_idle_token_lifetime": endless,
        "idle_token_lifetime": 2_592_000 if long else 1_296_000,
    } | wanted


def _registered(given: Body) -> Body:
    """Credentials as they are kept: by the ids that they get (replay)."""
    kept: Body = {}
    for method, value in (given.get("client_authentication_methods") or {}).items():
        kept["client_authentication_methods"] = {method: {"credentials": [_id() for _ in value["credentials"]]}}
    signed = given.get("signed_request_object")
    if signed and "credentials" in signed:
        kept["signed_request_object"] = signed | {"credentials": [_id() for _ in signed["credentials"]]}
    return kept | _mirrored(given)


def _mirrored(given: Body) -> Body:
    """The addresses of `oidc_logout` under their former name, too (replay: TestAccClientOIDCLogout)."""
    urls = (given.get("oidc_logout") or {}).get("backchannel_logout_urls")
    return {} if urls is None else {"oidc_backchannel_logout": {"backchannel_logout_urls": urls}}


def _id() -> Body:
    return {"id": ids.prefixed("cred", 22)}


def find(visit: Visit, client_id: str) -> Body | None:
    """The client of this id, or None."""
    return visit.documents.get("client", client_id)


def require(call: Call) -> Body:
    """The client that the path names; otherwise 404 (recording 12)."""
    client = find(call.visit, call.path["id"])
    if client is None:
        raise errors.not_found("The client does not exist", "inexistent_client")
    return client


def _shown(call: Call, clients: list[Body]) -> list[Body]:
    """Clients as this caller may see them, never with the private key (recordings 02, 09 and 11)."""
    if not call.scopes & set(_READ[:2]):
        return [{name: client[name] for name in _SUMMARY if name in client} for client in clients]
    signing = {"signing_keys": [_signing_key(call.visit) | {"subject": "deprecated"}]}
    hidden = () if "read:client_keys" in call.scopes else _KEYS
    return [without(client | signing, *hidden) for client in clients]


def _signing_key(visit: Visit) -> Body:
    key = keys.current(visit)
    return {"cert": key["cert"], "pkcs7": key["pkcs7"]}


def without(body: Body, *names: str) -> Body:
    """The object without some of its fields."""
    return {name: value for name, value in body.items() if name not in names}


def read(call: Call) -> Answer:
    """One client (recordings 02 and 11)."""
    return Answer(paging.project(call, _shown(call, [require(call)]))[0])


def list_clients(call: Call) -> Answer:
    """A page of clients, the global one among them unless `is_global` says otherwise (recording 09)."""
    wanted: Body = {"global": call.flag("is_global")} if "is_global" in call.query else {}
    if "is_first_party" in call.query:
        wanted["is_first_party"] = call.flag("is_first_party")
    types = call.query["app_type"].split(",") if "app_type" in call.query else None
    found = [
        client
        for client in call.documents.find("client")
        if wanted.items() <= client.items() and (types is None or client.get("app_type") in types)
    ]
    return paging.answer(call, "clients", _shown(call, found))


def update(call: Call) -> Answer:
    """Named fields are replaced, some objects merged key by key, and null removes (recordings 03 to 07)."""
    client = require(call)
    given = shapes.require(client_shape.UPDATE, call.body)
    for name, value in given.items():
        if value is None:
            client.pop(name, None)
            if name == "oidc_backchannel_logout":
                client.pop("oidc_logout", None)  # one thing with two names (replay: TestAccClientOIDCLogout)
        elif name in _MERGED:
            base = _SESSION_TRANSFER if name == "session_transfer" else {}
            client[name] = _without_nulls(base | client.get(name, {}) | value)
        else:
            client[name] = value
    client |= _mirrored(given)
    if len(client.get("client_metadata", {})) > 10:
        raise errors.invalid_body("Too many properties defined (11), maximum 10", "client_metadata")
    save(call.visit, client)
    return Answer(_shown(call, [client])[0])


def _without_nulls(body: Body) -> Body:
    return {name: value for name, value in body.items() if value is not None}


def delete(call: Call) -> Answer:
    """Gone afterwards, and no error where it was gone before (replay)."""
    client_id = call.path["id"]
    call.documents.delete("client", client_id)
    call.documents.delete("grant", client_id)
    connections.forget_client(call.visit, client_id)
    return NOTHING


_LIST = (*paging.FIELDS, *paging.BY_NUMBER, *paging.BY_CHECKPOINT, "is_global", "is_first_party", "app_type")
OPERATIONS = (
    Operation("GET", "/api/v2/clients", list_clients, _READ, query=_LIST),
    Operation("POST", "/api/v2/clients", create, ("create:clients",), takes=(JSON,)),
    Operation("GET", "/api/v2/clients/{id}", read, _READ, query=paging.FIELDS),
    Operation("PATCH", "/api/v2/clients/{id}", update, ("update:clients", "update:client_keys"), takes=(JSON,)),
    Operation("DELETE", "/api/v2/clients/{id}", delete, ("delete:clients",)),
)
