"""`${env.NAME}` and `${var.NAME}` in a scalar; every other `${…}` belongs to the vendor and stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

from provisioner.core.text import shortened
from provisioner.flex.spelling import did_you_mean
from provisioner.planfile.credentials import NEVER_IN_PLAN, holds_credential
from provisioner.planfile.document import Complaint, Replace

_VARIABLE = re.compile(r"\$\{(env|var)\.([^{}]*)\}")
# The keys that may have a credential of the environment: plan models keep what stands there hidden.
_HIDDEN = {("users", "initial_password")}
_SHOWN = "what a plan says is shown and sent; a variable that is no credential needs another name"
_WAYS = {"env": "set it in the environment", "var": "give it with --var NAME=VALUE"}


def replacer(*, variables: Mapping[str, str], environ: Mapping[str, str]) -> Replace:
    """A function that replaces what it knows, once: values are not looked through again.

    It raises `Complaint` for a name that is not defined, and for a credential of the environment: what a plan says is
    printed and sent. Values never stand in a message.
    """
    known = {"env": environ, "var": variables}

    def value(found: re.Match[str], keys: tuple[str, ...]) -> str:
        source, name = found.groups()
        if source == "env" and holds_credential(name) and keys not in _HIDDEN:
            raise Complaint(NEVER_IN_PLAN.format(shortened(found[0])), _SHOWN)
        if name not in known[source]:
            hint = did_you_mean(name, known[source]) or _WAYS[source]
            raise Complaint(f"`{shortened(found[0])}` is not defined", hint)
        return known[source][name]

    return lambda text, keys: _VARIABLE.sub(lambda found: value(found, keys), text)
