"""The fleet's database: how it is opened, its tables, and what goes wrong with it in words."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

import psycopg
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.schema import SchemaManager
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from provisioner.errors import CredentialsError, NetworkError, ProvisionerError

# One row a plan: its schedule, and what the last check told. `failure` says why a check ended without telling.
TABLE = """
CREATE TABLE IF NOT EXISTS provisioner_plans (
    path text PRIMARY KEY,
    tenant text NOT NULL,
    cron text NOT NULL,
    due_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    checked_at timestamptz,
    report json,
    failure text
)"""
# Any number will do, as long as nothing else in the database takes it.
SET_UP_LOCK, TICK_LOCK = 7_301_953_001, 7_301_953_002
# How long a connection may take, in seconds.
PATIENCE = 5


@asynccontextmanager
async def opened(url: SecretStr, *, set_up: bool = False) -> AsyncIterator[App]:
    """The database, ready for use; with `set_up` its tables are made where there are none.

    Raises `CredentialsError` for an address that is none, `NetworkError` where nobody answers there, and
    `ProvisionerError` without tables, or for whatever the database refuses while it is open.
    """
    address = _checked(url)
    # They print what goes wrong on every attempt; here it is told once, in words.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    with in_words():
        await _prepare(address, set_up=set_up)
        connector = PsycopgConnector(conninfo=address, timeout=PATIENCE, kwargs={"connect_timeout": PATIENCE})
        async with App(connector=connector).open_async() as app:
            yield app


@asynccontextmanager
async def alone(app: App) -> AsyncIterator[bool]:
    """Whether nobody else is at what these commands do; for as long as that is so, nobody else is let.

    The lock goes with its connection, so that whoever is killed here leaves nothing locked.
    """
    async with cast(PsycopgConnector, app.connector).pool.connection() as connection:
        row = await (await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [TICK_LOCK])).fetchone()
        yield row is not None and bool(row[0])


@contextmanager
def in_words() -> Iterator[None]:
    """Turns errors of the database into ours."""
    try:
        yield
    except exceptions.ConnectorException as error:
        raise _told(error.__cause__ or error) from None
    except psycopg.Error as error:
        raise _told(error) from None


def _told(error: BaseException) -> ProvisionerError:
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, psycopg.OperationalError):
        hint = "see that PostgreSQL runs and PROVISIONER_DATABASE_URL is right; no plan was touched"
        return NetworkError(f"the database cannot be reached: {words}", hint=hint)
    return ProvisionerError(f"the database refused: {words}", hint="no plan was touched")


def _checked(url: SecretStr) -> str:
    """The address. One that is not understood may have parts of a password in the wrong places: it is never quoted."""
    address = url.get_secret_value()
    try:
        parts = conninfo_to_dict(address)
        named = f"{parts.get('host', '')}{parts.get('dbname', '')}"
        understood = str(parts.get("port", "0")).isdigit() and not set("@:/") & set(named)
    except psycopg.Error:
        understood = False
    if not address or not understood:
        raise CredentialsError(
            f"PROVISIONER_DATABASE_URL is {'no address of a database' if address else 'not set'}",
            hint="postgresql://USER:PASSWORD@HOST/DATABASE, in the environment, `.env` or the secrets folder;"
            " in a password, @ : / and % are written as %40 %3A %2F %25",
        )
    return address


async def _prepare(address: str, *, set_up: bool) -> None:
    """Sees that the tables are there. Of two who make them at the same time, one waits for the other."""
    async with await psycopg.AsyncConnection.connect(address, connect_timeout=PATIENCE) as connection:
        if set_up:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [SET_UP_LOCK])
            if not await _has(connection, "procrastinate_jobs"):
                await connection.execute(SchemaManager.get_schema())
            await connection.execute(TABLE)
        elif not await _has(connection, "provisioner_plans"):
            raise ProvisionerError(
                "the database holds no schedule", hint="make one: provisioner fleet schedule PLAN --cron '0 5 * * *'"
            )


async def _has(connection: psycopg.AsyncConnection, table: str) -> bool:
    row = await (await connection.execute("SELECT to_regclass(%s)", [table])).fetchone()
    return row is not None and row[0] is not None
