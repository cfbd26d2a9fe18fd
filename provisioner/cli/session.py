"""Opens a plan's tenant for a verb: credentials, network, and the sandbox where the plan asks for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provisioner.cli.options import Common
from provisioner.cli.settings import home, secrets_folder
from provisioner.errors import CredentialsError

if TYPE_CHECKING:
    from provisioner.core.adapter import Connection, Provider
    from provisioner.engine.preview import Preview
    from provisioner.planfile.load import Loaded
    from provisioner.render.report import DiffReport

T = TypeVar("T")

# What an apply and a mere reading may use of the tenant's rate limits, in percent, where --max-rate does not say.
APPLY_SHARE = 100
READ_SHARE = 50


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs the asynchronous part of a verb. Imported late, like all of this module: asyncio is slow to load."""
    return asyncio.run(main)


def provider_of(plan: Any) -> Provider:
    """The adapter that the plan names."""
    from provisioner.adapters import provider

    return provider(plan.provider.type)


@asynccontextmanager
async def tenant(plan: Any, common: Common, *, write: bool = False) -> AsyncIterator[Connection]:
    """The plan's tenant, open: for reading, or with `write` for an apply.

    An embedded sandbox brings its own network and its seeded credentials.
    """
    from provisioner.adapters.http import Network

    inner = None
    if plan.provider.embedded:
        from provisioner.cli import embedded

        inner = embedded.transport(home())
    if common.verbose:
        logging.basicConfig(level=logging.INFO, format="%(message)s")
        logging.getLogger("httpx").setLevel(logging.WARNING)
    share = common.max_rate or (APPLY_SHARE if write else READ_SHARE)
    network = Network(inner=inner, share=share / 100, on_wait=_waiting(common))
    async with provider_of(plan).connect(plan, network, _credentials(plan), write=write) as connection:
        yield connection


async def look(plan: Any, connection: Connection, common: Common) -> Preview:
    """What an apply of this plan would do."""
    from provisioner.engine.preview import preview

    return await preview(
        provider_of(plan), plan, connection, limits=plan.guards.limits, allow=common.allow, adopt=common.adopt
    )


def report_of(loaded: Loaded, seen: Preview, connection: Connection) -> DiffReport:
    """The preview as rows that can be rendered, with what the rules say of the plan file."""
    from dataclasses import asdict

    from provisioner.render.report import DiffReport, rows, summary

    plan: Any = loaded.plan
    adapter = provider_of(plan)
    return DiffReport(
        plan=plan.name,
        provider=plan.provider.type,
        tenant=seen.tenant,
        digest=seen.digest,
        rows=rows(seen.changes, lambda change: adapter.remark(plan, change)),
        summary=summary(seen.changes),
        refused=seen.refused,
        warnings=(*loaded.findings, *seen.warnings),
        requests=asdict(connection.requests),
    )


def _credentials(plan: Any) -> list[Any]:
    """The plan's own credentials, then those for all plans: from the environment, `.env`, a secrets directory."""
    from pydantic import ValidationError

    model = provider_of(plan).credentials
    if plan.provider.embedded:
        from provisioner.cli.embedded import CREDENTIALS

        return [model(**CREDENTIALS[plan.provider.type])]
    places = {"_env_file": ".env", "_secrets_dir": secrets_folder()}
    prefix = plan.name.upper().replace("-", "_") + "__"
    try:
        return [model(_env_prefix=prefix, **places), model(**places)]
    except ValidationError as error:
        # Their inputs are secrets, so only name and complaint are told.
        told = "; ".join(f"{str(each['loc'][-1]).upper()}: {each['msg']}" for each in error.errors())
        raise CredentialsError(told, hint="correct it in the environment, `.env` or the secrets folder") from None


def _waiting(common: Common) -> Any:
    def tell(seconds: float) -> None:
        if not common.quiet and seconds >= 2:
            click.echo(f"waiting {seconds:.0f} s for the tenant's rate limit …", err=True)

    return tell
