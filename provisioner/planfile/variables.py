"""`${env.NAME}` and `${var.NAME}` in a scalar; every other `${…}` belongs to the vendor and stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from provisioner.flex.spelling import did_you_mean
from provisioner.planfile.document import Complaint

_VARIABLE = re.compile(r"\$\{(env|var)\.([^{}]*)\}")
_WAYS = {"env": "set it in the environment", "var": "give it with --var NAME=VALUE"}


def replacer(*, variables: Mapping[str, str], environ: Mapping[str, str]) -> Callable[[str], str]:
    """A function that replaces what it knows, once: values are not looked through again.

    It raises `Complaint` for a name that is not defined. Values never stand in a message.
    """
    known = {"env": environ, "var": variables}

    def value(found: re.Match[str]) -> str:
        source, name = found.groups()
        if name not in known[source]:
            raise Complaint(f"`{found[0]}` is not defined", did_you_mean(name, known[source]) or _WAYS[source])
        return known[source][name]

    return lambda text: _VARIABLE.sub(value, text)
