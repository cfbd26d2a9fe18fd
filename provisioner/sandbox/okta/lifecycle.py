"""A user's way from STAGED to DEPROVISIONED, and the e-mails that go out on it."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import assignments, errors, ids, one_time_links, org, rule_effects
from provisioner.sandbox.okta.user_records import require, save
from provisioner.sandbox.okta.wire import Answer, Call, Operation

Body = dict[str, Any]


def turn(call: Call, user: Body, status: str) -> None:
    """Give the user another status, now."""
    user |= {"status": status, "statusChanged": call.now, "lastUpdated": call.now}
    save(call.visit, user)
    rule_effects.apply(call, user)


def start(call: Call, user: Body, mail: bool) -> None:
    """Activate: with a password or another provider's sign-on at once, else by an e-mail (OpenAPI: createUser)."""
    user["activated"] = call.now
    elsewhere = user["credentials"]["provider"]["type"] in {"FEDERATION", "SOCIAL"}
    ready = elsewhere or "password" in user["credentials"]
    turn(call, user, "ACTIVE" if ready else "PROVISIONED")
    if mail and not ready:
        send(call, user, "activation")


def send(call: Call, user: Body, kind: str) -> None:
    """Record an e-mail to the user with a link for choosing a password; nothing is ever sent."""
    _, link = one_time_links.issue(call.visit, user["id"], kind)
    body = {"to": user["profile"]["email"], "user": user["id"], "kind": kind, "at": call.now, "link": link}
    call.documents.put("mail", ids.new("mail"), body, user=user["id"])


def end(call: Call, user: Body) -> None:
    """Deactivate: apps and API token are taken away, group memberships stay (vendor's support articles)."""
    turn(call, user, "DEPROVISIONED")
    org.revoke_token(call.visit, user["id"])
    assignments.drop_user(call, user["id"])


def _token(call: Call, user: Body) -> Answer:
    token, link = one_time_links.issue(call.visit, user["id"], "activation")
    return Answer({"activationUrl": link, "activationToken": token})


def activate(call: Call) -> Answer:
    """STAGED or DEPROVISIONED → ACTIVE or PROVISIONED; without an e-mail the caller gets the token (OpenAPI)."""
    user, mail = require(call), call.switch("sendEmail", True)
    if user["status"] not in {"STAGED", "DEPROVISIONED"}:
        raise errors.already_active()
    start(call, user, mail)
    assignments.refresh_user(call, user)
    return Answer({}) if mail else _token(call, user)


def reactivate(call: Call) -> Answer:
    """Start the activation of a PROVISIONED user again (OpenAPI: reactivateUser)."""
    user, mail = require(call), call.switch("sendEmail", False)
    if user["status"] != "PROVISIONED":
        raise errors.wrong_status()
    if mail:
        send(call, user, "activation")
    return Answer({}) if mail else _token(call, user)


def deactivate(call: Call) -> Answer:
    """Any status → DEPROVISIONED (recording 31)."""
    user = require(call)
    call.switch("sendEmail", False)
    if user["status"] == "DEPROVISIONED":
        raise errors.wrong_status()
    end(call, user)
    return Answer({})


def suspend(call: Call) -> Answer:
    """ACTIVE → SUSPENDED; the refusal's words are the vendor's documentation of the operation."""
    user = require(call)
    if user["status"] != "ACTIVE":
        raise errors.invalid("suspendUser", "Cannot suspend a user that is not active")
    turn(call, user, "SUSPENDED")
    return Answer({})


def unsuspend(call: Call) -> Answer:
    """SUSPENDED → ACTIVE; the refusal's words are the vendor's documentation of the operation."""
    user = require(call)
    if user["status"] != "SUSPENDED":
        raise errors.invalid("unsuspendUser", "Cannot unsuspend a user that is not suspended")
    turn(call, user, "ACTIVE")
    return Answer({})


def reset_password(call: Call) -> Answer:
    """→ RECOVERY: nobody signs in until a password is chosen; the link is mailed or answered (OpenAPI: resetPassword).

    Which users it is refused for is a guess.
    """
    user = require(call)
    if "sendEmail" not in call.query:
        raise errors.missing_parameter("sendEmail")
    if user["status"] not in {"ACTIVE", "PASSWORD_EXPIRED", "PROVISIONED", "RECOVERY"}:
        raise errors.wrong_status()
    turn(call, user, "RECOVERY")
    if call.switch("sendEmail", True):
        send(call, user, "recovery")
        return Answer({})
    return Answer({"resetPasswordUrl": one_time_links.issue(call.visit, user["id"], "recovery")[1]})


OPERATIONS = tuple(
    Operation("POST", f"/api/v1/users/{{id}}/lifecycle/{step.__name__}", step, "users")
    for step in (activate, reactivate, deactivate, suspend, unsuspend, reset_password)
)
