"""What ties a check to the worker that started it."""

from __future__ import annotations

import os
import signal
import threading


def follow() -> None:
    """For the process that checks: ends it at once when its worker is gone, however that went."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    # Nothing is ever written to stdin; its end comes when the worker's side is closed.
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGKILL)
