"""One apply of a plan at a time on one machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.engine.locks import locked
from provisioner.errors import Locked, ProvisionerError

HOLDER = """
import sys
from pathlib import Path
from provisioner.engine.locks import locked
with locked(Path(sys.argv[1]), "acme", "acme.okta.com"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(home: Path) -> subprocess.Popen[str]:
    """Another process that has the lock."""
    command = [sys.executable, "-c", HOLDER, str(home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_who_holds_a_lock_is_told(tmp_path: Path) -> None:
    """Process, user, host and since when; another plan, or the same one for another tenant, is free."""
    with holding(tmp_path) as process:
        with pytest.raises(Locked) as refused, locked(tmp_path, "acme", "acme.okta.com"):
            pass
        with locked(tmp_path, "acme", "acme.oktapreview.com"), locked(tmp_path, "other", "acme.okta.com"):
            pass
        process.kill()

    assert refused.value.exit_code == 1
    for word in (f"process {process.pid} of ", f" on {socket.gethostname()}, since 20", "acme"):
        assert word in refused.value.message


def test_the_lock_of_a_dead_holder_is_free(tmp_path: Path) -> None:
    """Killed outright, it cleans nothing up; nobody has to."""
    with holding(tmp_path) as process:
        process.kill()
        process.wait()

    with locked(tmp_path, "acme", "acme.okta.com"):
        assert str(os.getpid()) in next((tmp_path / "locks").iterdir()).read_text(encoding="utf-8")


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    """Without a lock nothing is done, and the words say where it should have been."""
    (tmp_path / "locks").write_text("a file")

    with pytest.raises(ProvisionerError) as refused, locked(tmp_path, "acme", "acme.okta.com"):
        pass

    assert "acme@acme.okta.com.json cannot be used" in refused.value.message
    assert "PROVISIONER_HOME" in refused.value.hint
