"""A sandbox served on a loopback port, what a test does to it from behind, and the program as a process of its own."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provisioner.sandbox import Sandbox, Store, create_app
from provisioner.sandbox.faults import Fault
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.okta import service_clients
from provisioner.sandbox.serve import Addresses, background
from provisioner.sandbox.world import Visit

TENANT = "localhost"
# Longer than any step of a test takes, so that one that hangs fails.
PATIENCE = 20.0


@dataclass
class Gate:
    """Holds a slow request until the test has seen it arrive and lets it go on."""

    arrived: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    async def sleep(self, seconds: float) -> None:
        """What the sandbox calls instead of sleeping."""
        self.arrived.set()
        await asyncio.to_thread(self.opened.wait, PATIENCE)


@dataclass
class Served:
    """The served sandbox's application and addresses; its one tenant is `localhost`."""

    app: Sandbox
    addresses: Addresses

    @property
    def origin(self) -> str:
        return self.addresses.origin

    @property
    def private_key(self) -> str:
        return str(service_clients.key(self._visit())["private"])

    def credentials(self) -> dict[str, str]:
        """What opens the tenant, under readable names."""
        return self.app.parts[0].credentials(self._visit())

    def plan(self, name: str = "okta.yaml") -> None:
        """Points a plan of the working folder at this sandbox."""
        path = Path("plans") / name
        text = path.read_text(encoding="utf-8")
        pointing = re.sub(r"(org_url|domain): sandbox\b", rf'\1: "{self.origin}"', text)
        path.write_text(pointing, encoding="utf-8")

    def fault(self, **words: Any) -> None:
        self.app.faults.plan(Fault.parse(words), tenant=TENANT)

    def held(self, path: str, method: str = "POST") -> Gate:
        """A gate at the next such request."""
        gate = Gate()
        self.app.sleep = gate.sleep
        self.fault(kind="slow", seconds=1, method=method, path=path)
        return gate

    def grant(self, *scopes: str) -> None:
        """The plain service app has these scopes and no others."""
        service_clients.grant(self._visit(), service_clients.PLAIN, scopes)

    def state(self) -> dict[str, Any]:
        """What the org holds."""
        return self.app.parts[0].state(self._visit())

    def _visit(self) -> Visit:
        return self.app.visit(self.app.parts[0], Place(TENANT, self.origin))


@contextmanager
def serving(home: Path | None = None, *, tls_home: Path | None = None) -> Iterator[Served]:
    """Serves the state in `home`, or an empty sandbox; over TLS given a folder for its authority."""
    store = Store(home / "sandbox.sqlite3" if home else None)
    app = create_app(store)
    try:
        with background(app, tls_home=tls_home) as addresses:
            yield Served(app, addresses)
    finally:
        store.close()


def program(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """The program as a process of its own."""
    command = [sys.executable, "-m", "provisioner", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
