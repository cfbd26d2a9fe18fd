"""The scopes of the Management API that operations of this sandbox ask for."""

_OF_KINDS = {
    "clients": "read create update delete",
    "client_keys": "read update",
    "connections": "read create update delete",
    "actions": "read create update delete",
    "users": "read create update delete",
    "users_app_metadata": "update",
    "user_tickets": "create",
    "signing_keys": "read create update",
}
ALL = tuple(f"{verb}:{kind}" for kind, verbs in _OF_KINDS.items() for verb in verbs.split())
"""What the seeded machine-to-machine clients are granted, and the seeded API token carries."""
