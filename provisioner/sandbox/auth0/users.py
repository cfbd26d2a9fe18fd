"""Users: create, read, update and delete them, and find them by e-mail address; searches are elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import passwords
from provisioner.sandbox.auth0 import connections, errors, ids, paging, shapes, tickets, user_records, user_rules
from provisioner.sandbox.auth0.shapes import record, text, whole
from provisioner.sandbox.auth0.user_records import require, save, shown
from provisioner.sandbox.auth0.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_TICKET = record(
    {
        "result_url": text(form=shapes.url),
        "user_id": text(form=shapes.user_id),
        "client_id": text(form=shapes.client_id),
        "organization_id": text(pattern="^org_[A-Za-z0-9]{16}$"),
        "connection_id": text(pattern="^con_[A-Za-z0-9]{16}$"),
        "email": text(form=shapes.email),
        "ttl_sec": whole(0, 2**31 - 1),
        "mark_email_as_verified": shapes.flag,
        "includeEmailInRedirect": shapes.flag,
    }
)


def create(call: Call) -> Answer:
    """A new user of a database connection (recordings 29 and 30), who gets an e-mail unless told not to."""
    given = _lowered(shapes.require(user_rules.CREATE, call.body))
    connection = connections.find(call.visit, given["connection"])
    if connection is None:
        raise errors.bad_request("The connection does not exist.", "inexistent_connection")
    if connection["strategy"] != "auth0":
        raise errors.bad_request("Users can only be created in database connections.", "invalid_operation")
    _require_enabled(call, connection)
    _check(connection, given)
    user = user_records.made(call.visit, given)
    require_free(call.visit, connection["name"], user)
    save(call.visit, user | {"password": passwords.digested(given["password"])})
    _ask_for_verification(call, user, given.get("verify_email", not user["email_verified"]))
    return Answer(shown(user), 201)


def _require_enabled(call: Call, connection: Body) -> None:
    """400 where the connection is enabled for no client, or not for the one that asks.

    OpenAPI: post_users, "Connection is disabled."; public issue terraform-provider-auth0 854. The code is reported with
    the second in public source (errorCode auth0_idp_error), and a guess for the first.
    """
    enabled = connections.clients_of(call.visit, connection["id"])
    if not enabled:
        raise errors.bad_request("The connection is disabled.", "auth0_idp_error")
    if call.caller is not None and call.caller not in enabled:
        whose = f"(client_id: {call.caller} - connection: {connection['name']})"
        needed = "Connection must be enabled for this client to perform single user creation and signup operations"
        raise errors.bad_request(f"{needed} {whose}", "auth0_idp_error")


def _lowered(given: Body) -> Body:
    """The body with its e-mail address in lower case, as it is kept (vendor's page on the user profile)."""
    return given | ({"email": given["email"].lower()} if given.get("email") else {})


def _check(connection: Body, given: Body) -> None:
    """Rules of database connections; what is missing is told in the validator's words (a guess for this place)."""
    named = connection["options"].get("requires_username", False)
    for name in ("email", "password", *(["username"] if named else [])):
        if name not in given:
            raise errors.invalid_body(f"Missing required property: {name}")
    if "username" in given and not named:
        raise errors.bad_request("Cannot set username for connection without requires_username")
    user_rules.check_metadata(given)
    user_rules.check_password(connection, given["password"])


def require_free(visit: Visit, connection: str, user: Body) -> None:
    """409 where the id, the e-mail address or the username is taken in this connection."""
    same = [visit.documents.get("user", user["user_id"])]
    for name in ("email", "username"):
        if user.get(name):
            same += visit.documents.find("user", connection=connection, **{name: user[name]})
    if any(same):
        raise errors.refusal(409, "The user already exists.", "auth0_idp_error")


def _ask_for_verification(call: Call, user: Body, wanted: bool) -> None:
    if wanted:
        mail = {"to": user["email"], "kind": "verify_email", "user_id": user["user_id"], "at": call.now}
        call.documents.put("mail", ids.unique(), mail)


def read(call: Call) -> Answer:
    """One user, as the last write left it."""
    return Answer(paging.project(call, [shown(require(call))])[0])


def by_email(call: Call) -> Answer:
    """Everyone with exactly this address, from all connections, at once after a write (recording 37)."""
    if "email" not in call.query:
        raise errors.invalid_query("Missing required property: email")
    found = call.documents.find("user", email=call.query["email"])
    return Answer(paging.project(call, [shown(user) for user in found]))


def update(call: Call) -> Answer:
    """Named fields are replaced, null clears; metadata merges at its first level (recordings 31 to 33)."""
    user = require(call)
    given = _lowered(shapes.require(user_rules.UPDATE, call.body))
    connection = connections.find(call.visit, user["identities"][0]["connection"]) or {}
    if given.get("connection", connection["name"]) != connection["name"]:
        raise errors.bad_request("The user has no identity in this connection.", "inexistent_connection")
    user_rules.check_metadata(given)
    _change_password(call, connection, user, given.get("password"))
    if given.get("email", user.get("email")) != user.get("email"):
        _require_free_email(call, connection["name"], given["email"])
    user = _changed(user, given) | {"updated_at": call.now}
    save(call.visit, user)
    _ask_for_verification(call, user, given.get("verify_email", False))
    return Answer(shown(user))


def _changed(user: Body, given: Body) -> Body:
    fields = {name: value for name, value in given.items() if name not in _NO_FIELDS}
    for name in ("user_metadata", "app_metadata"):
        if name in given:
            fields[name] = _merged(user.get(name, {}), given[name])
    changed = {name: value for name, value in (user | fields).items() if value is not None}
    if not changed.get("app_metadata"):
        changed.pop("app_metadata", None)  # recording 33, where an empty `user_metadata` stays
    return changed


_NO_FIELDS = frozenset({"password", "connection", "client_id", "verify_email", "verify_phone_number"})
"""What an update says about itself, or what is not shown."""


def _change_password(call: Call, connection: Body, user: Body, password: str | None) -> None:
    if password is not None:
        user_rules.check_password(connection, password)
        user |= {"password": passwords.digested(password), "last_password_reset": call.now}


def _require_free_email(call: Call, connection: str, email: str) -> None:
    if call.documents.find("user", connection=connection, email=email):
        raise errors.bad_request("The specified new email already exists", "auth0_idp_error")


def _merged(before: Body, given: Body) -> Body:
    """First-level merge: null deletes a key, and an empty object all of them (recordings 31 to 33)."""
    return {name: value for name, value in (before | given).items() if value is not None} if given else {}


def delete(call: Call) -> Answer:
    """Gone afterwards, and no error where it was gone before (recording 35)."""
    call.documents.delete("user", call.path["id"])
    return NOTHING


def password_ticket(call: Call) -> Answer:
    """A link under which the user chooses a password; no e-mail is sent (OpenAPI: changePasswordTicket)."""
    given = shapes.require(_TICKET, call.body)
    return Answer({"ticket": tickets.make(call.visit, _ticket_user(call, given), given)}, 201)


def _ticket_user(call: Call, given: Body) -> Body:
    if "user_id" in given:
        found = call.documents.get("user", given["user_id"])
    elif {"email", "connection_id"} <= given.keys():
        connection = call.documents.get("connection", given["connection_id"]) or {"name": ""}
        matches = call.documents.find("user", email=given["email"].lower(), connection=connection["name"])
        found = next(iter(matches), None)
    else:
        raise errors.bad_request("Either user_id or email and connection_id must be given.")
    if found is None:
        raise errors.not_found("The user does not exist.", "inexistent_user")
    return found


OPERATIONS = (
    Operation("POST", "/api/v2/users", create, ("create:users",), takes=(JSON,)),
    Operation("GET", "/api/v2/users/{id}", read, ("read:users",), query=paging.FIELDS),
    Operation("PATCH", "/api/v2/users/{id}", update, ("update:users", "update:users_app_metadata"), takes=(JSON,)),
    Operation("DELETE", "/api/v2/users/{id}", delete, ("delete:users",)),
    Operation("GET", "/api/v2/users-by-email", by_email, ("read:users",), query=("email", *paging.FIELDS)),
    Operation("POST", "/api/v2/tickets/password-change", password_ticket, ("create:user_tickets",), takes=(JSON,)),
)
