"""Builds of Actions and of their versions: how far one is by the sandbox's clock, and how it ends."""

from __future__ import annotations

import re
from typing import Any

from provisioner.sandbox.world import Visit

Body = dict[str, Any]

PENDING_SHARE = 0.4
"""For this part of its time a build waits for its turn (recordings 13 and 17 show both states, not how long)."""
PACKAGES_FACTOR = 4
"""So many times as long a build takes that has packages to fetch (replay: TestActionManager_Versions)."""
DEPLOY_TIME = 0.1
"""Seconds until a deployed version is in place (recordings 15 and 16: 0.08)."""
_ABSENT = {("crypto", "17.7.1")}
"""Packages that the vendor was recorded to look for in vain (replay: TestAccAction)."""


def begin(visit: Visit, dependencies: list[Body]) -> Body:
    """A build that starts now."""
    started, time = visit.world.clock.now(), visit.world.settings.build_time
    return {"started": started, "ends": started + time * (PACKAGES_FACTOR if dependencies else 1)}


def status(visit: Visit, build: Body, dependencies: list[Body]) -> str:
    """pending → building → built or failed.

    A package that cannot be had fails; code that does not parse does not: it was recorded as built and deployed
    (recordings 13 to 16, whose code ends in a lone quotation mark), and breaks at the login instead.
    """
    now = visit.world.clock.now()
    if now < build["started"] + PENDING_SHARE * (build["ends"] - build["started"]):
        return "pending"
    if now < build["ends"]:
        return "building"
    return "built" if all(map(_available, dependencies)) else "failed"


def resolved(dependencies: list[Body]) -> list[Body]:
    """The packages as they are told after a build, without the registry that they came from (recording 20)."""
    return [{name: each[name] for name in ("name", "version") if name in each} for each in dependencies]


def _available(dependency: Body) -> bool:
    """Whether the package can be had; the sandbox knows no registry, so it believes any plain version."""
    name, version = dependency.get("name", ""), dependency.get("version", "")
    known = re.fullmatch(r"latest|\d+\.\d+\.\d+([-+][\w.-]+)?", version) is not None
    return known and (name, version) not in _ABSENT
