"""How far an apply is, on stderr, where somebody is there to look."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from provisioner.cli.options import Common

if TYPE_CHECKING:
    from provisioner.core.change import Result
    from provisioner.engine.preview import Preview

# Below this an apply is over before a bar has been read.
WORTH_A_BAR = 20


@contextmanager
def progress(seen: Preview, options: Common) -> Iterator[Callable[[Result], None]]:
    """Yields what takes each result: a bar with the time left on a terminal, else nothing."""
    total = len(seen.changes.changes)
    if options.quiet or total < WORTH_A_BAR or not sys.stderr.isatty():
        yield lambda _: None
        return
    from provisioner.render.terminal import bar

    with bar(sys.stderr, seen.tenant, total) as advance:
        yield lambda _: advance()
