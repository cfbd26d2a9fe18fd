"""Where a plan's tenant may be: which hosts are this machine, so that http to them gives no credential away."""

from __future__ import annotations

import pytest

from provisioner.planfile.tenant import is_loopback


@pytest.mark.parametrize("host", ["localhost", "acme.localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine(host: str) -> None:
    """Loopback addresses, localhost, and every name below it (RFC 6761)."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["127.evil.test", "127.0.0.1.evil.test", "localhost.evil.test", "notlocalhost", "10.0.0.1", "127.1", ""]
)
def test_elsewhere(host: str) -> None:
    """A name that begins like the address of this machine can be anybody's."""
    assert not is_loopback(host)
