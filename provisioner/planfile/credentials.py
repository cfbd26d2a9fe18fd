"""What is named as credentials are. They never stand in a plan file; where they come from is not told here."""

from __future__ import annotations

import re

NEVER_IN_PLAN = "`{}` looks like a credential, and credentials never stand in a plan file"
COME_FROM = "they come from the environment, a .env file or a secrets directory"

_NAMED_SO = re.compile(r"token|secret|passw|(private|assertion|api|access)_?key|credential|database_url", re.I)
# Whoever knows the address of a hook can send there. Among the keys of a plan such words are a vendor's: `inlineHooks`.
_HOLDS_ONE = re.compile(r"hook|notify|heartbeat|slack|pass(?![a-z])|passphrase|(?<![a-z])pat(?![a-z])", re.I)


def looks_like_credential(name: str) -> bool:
    """Whether a key or a variable is named as credentials are."""
    return _NAMED_SO.search(name) is not None


def holds_credential(variable: str) -> bool:
    """Whether a variable of the environment is named as those are that hold a credential, or an address that is one."""
    return looks_like_credential(variable) or _HOLDS_ONE.search(variable) is not None
