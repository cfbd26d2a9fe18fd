"""Takes out of Auth0's answers what nobody needs to hold: secrets of applications, password hashes. Pure."""

from __future__ import annotations

from typing import Any

# POST /clients answers with the application's secret and the tenant's private key (recordings 08 to 11).
_SECRET = ("client_secret", "signing_keys", "encryption_key")


def scrub(answer: Any) -> Any:
    """The answer without secrets; only where Auth0 puts them, because people's metadata may use the same names."""
    if isinstance(answer, list):
        return [_scrubbed(each) for each in answer]
    if isinstance(answer, dict) and isinstance(answer.get("clients"), list):
        return {**answer, "clients": [_scrubbed(each) for each in answer["clients"]]}
    return _scrubbed(answer)


def _scrubbed(thing: Any) -> Any:
    if not isinstance(thing, dict):
        return thing
    if "errors" in thing and isinstance(thing.get("user"), dict):
        # An import's errors repeat the whole person, with a password hash where the file had one (docs: bulk imports).
        return {**thing, "user": {"email": thing["user"].get("email")}}
    return {name: value for name, value in thing.items() if name not in _SECRET}
