"""Where the program's settings come from: the environment, the `.env` file, a secrets folder, and its own folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from provisioner.errors import CredentialsError, UsageError


def home() -> Path:
    """Where state, run records and locks are kept: `$PROVISIONER_HOME`, by default `.provisioner/` here."""
    return Path(os.environ.get("PROVISIONER_HOME") or ".provisioner")


def environment() -> Mapping[str, str]:
    """The process's environment over the `.env` file of the working folder.

    Raises `UsageError` where that is not one: a line that nobody can read may be half of a credential.
    """
    if not Path(".env").is_file():
        return os.environ
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    try:
        with Path(".env").open(encoding="utf-8") as stream:
            wrong = next((binding.original.line for binding in parse_stream(stream) if binding.error), 0)
    except UnicodeDecodeError:
        raise UsageError("the file .env is not UTF-8", hint="save it as UTF-8") from None
    if wrong:
        raise UsageError(f".env:{wrong}: expected NAME=VALUE", hint="a value of several lines stands in quotes")
    return {name: value for name, value in dotenv_values(".env").items() if value is not None} | dict(os.environ)


def secrets_folder() -> Path | None:
    """The folder that `$PROVISIONER_SECRETS_DIR` names, else that of containers where it is there."""
    if named := os.environ.get("PROVISIONER_SECRETS_DIR"):
        if not Path(named).is_dir():
            raise CredentialsError(
                f"PROVISIONER_SECRETS_DIR names {named}, which is no folder", hint="correct or unset it"
            )
        return Path(named)
    usual = Path("/run/secrets")
    return usual if usual.is_dir() else None
