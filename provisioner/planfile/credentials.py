"""What is named as credentials are. They never stand in a plan file; where they come from is not told here."""

from __future__ import annotations

import re

NEVER_IN_PLAN = "`{}` looks like a credential, and credentials never stand in a plan file"
COME_FROM = "they come from the environment, a .env file or a secrets directory"

_NAMED_SO = re.compile(r"token|secret|passw|(private|assertion|api|access)_?key|credential|database_url", re.I)


def looks_like_credential(name: str) -> bool:
    """Whether a key or a variable is named as credentials are."""
    return _NAMED_SO.search(name) is not None
