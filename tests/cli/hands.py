"""What administrators do by hand in an embedded sandbox's tenant."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from provisioner.cli.embedded import transport
from tests.conformance.okta import saml_app


def call(home: Path, method: str, path: str, **options: Any) -> Any:
    """One request to the embedded org, as its administrator; returns the answer's JSON."""

    async def main() -> Any:
        headers = {"Authorization": "SSWS sandbox-okta-token"}
        async with httpx.AsyncClient(
            transport=transport(home), base_url="http://localhost:8400", headers=headers
        ) as client:
            answer = await client.request(method, path, **options)
            answer.raise_for_status()
            return answer.json() if answer.content else None

    return asyncio.run(main())


def make_application(home: Path, label: str) -> Any:
    """A SAML application without a mark."""
    return call(home, "POST", "/api/v1/apps", json=saml_app(label, []))
