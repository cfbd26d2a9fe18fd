"""A worker that does in seconds what takes minutes: `python -m tests.fleet.quick COMMAND…`."""

import asyncio
import os
import sys

from pydantic import SecretStr

from provisioner.fleet import database
from provisioner.fleet.worker import Pace, work

PACE = Pace(tick="* * * * * *", poll=0.2, heartbeat=0.5, dead_after=2, retry=0)


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    database.PATIENCE = 1
    address = SecretStr(os.environ["PROVISIONER_DATABASE_URL"])
    asyncio.run(work(address, sys.argv[1:], concurrency=4, tell=tell, pace=PACE))
