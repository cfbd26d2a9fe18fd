"""What `provisioner sandbox` says of where it serves."""

import pytest
from click.testing import CliRunner

from provisioner.cli import sandbox
from provisioner.sandbox import serve

ELSEWHERE = "plans with `org_url: sandbox`"


@pytest.mark.parametrize(
    ("origin", "told"),
    [("http://localhost:8400", False), ("http://localhost:8401", True), ("https://localhost:8400", True)],
)
def test_another_address_than_that_of_embedded_plans_is_said(
    monkeypatch: pytest.MonkeyPatch, origin: str, told: bool
) -> None:
    """Values of `org_url: sandbox` lead to port 8400 without TLS, whatever is served elsewhere."""
    addresses = serve.Addresses(origin, origin.replace("localhost", "NAME.localhost"), {"okta": {}, "flex": {}}, None)
    monkeypatch.setattr(serve, "serve", lambda *_, announce, **__: announce(addresses))

    out = CliRunner().invoke(sandbox.command, []).output

    assert (ELSEWHERE in out, f"write {origin} there" in out) == (told, told)


def test_a_taken_port_says_what_another_one_means(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes another with --port knows before that plans do not follow."""

    def taken(*_: object, **__: object) -> None:
        raise serve.PortTakenError("Port 8400 is taken")

    monkeypatch.setattr(serve, "serve", taken)

    error = CliRunner().invoke(sandbox.command, []).exception

    assert ELSEWHERE in str(getattr(error, "hint", ""))
