"""Credentials and trust, right and wrong, against a served org."""

from __future__ import annotations

from pathlib import Path

import pytest
from Cryptodome.PublicKey import RSA

from provisioner.adapters.okta import scopes
from tests.cli.conftest import Run
from tests.served import TENANT, Served, serving


def test_a_wrong_token(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Okta's own words, and what that usually means."""
    monkeypatch.setenv("OKTA_API_TOKEN", "wrong")

    ran = run("diff", "okta.yaml")
    vendor = run("diff", "okta.yaml", "--format", "json").json["error"]["vendor"]

    assert ran.code == 1
    assert (vendor["status"], vendor["code"], len(vendor["request_id"])) == (401, "E0000011", 32)
    assert "Invalid token provided (401 E0000011" in ran.err
    assert "mistyped, revoked, expired, or of another org" in ran.err


def as_service_app(served: Served, monkeypatch: pytest.MonkeyPatch, client: str) -> None:
    monkeypatch.delenv("OKTA_API_TOKEN")
    monkeypatch.setenv("OKTA_CLIENT_ID", client)
    monkeypatch.setenv("OKTA_PRIVATE_KEY", served.private_key)


def test_a_scope_that_is_not_granted(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a granted scope there is no token: Okta does not say for which, so all that were asked for are named."""
    as_service_app(served, monkeypatch, "sandbox-okta-client")
    served.grant("okta.apps.read", "okta.groups.read", "okta.users.read", "okta.apps.manage", "okta.groups.manage")

    read, written = run("diff", "okta.yaml"), run("apply", "okta.yaml", "--yes")

    assert (read.code, written.code) == (0, 1)
    assert "okta.users.manage" in written.err
    assert "Okta API Scopes tab" in written.err


def test_one_token_serves_a_run(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A diff asks for reading alone; an apply asks once, for reading and managing."""
    as_service_app(served, monkeypatch, "sandbox-okta-client")
    for verb in (("diff", "okta.yaml"), ("apply", "okta.yaml", "--yes")):
        assert run(*verb).code == 0

    tokens = [entry.request for entry in served.app.log.entries(TENANT) if entry.path == "/oauth2/v1/token"]
    scopes = [token.as_json()["scope"].split() for token in tokens if token]
    assert [{scope.rpartition(".")[2] for scope in asked} for asked in scopes] == [{"read"}, {"read", "manage"}]


def test_a_scope_that_a_request_lacks(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused request names the scope; what was done before is told."""
    as_service_app(served, monkeypatch, "sandbox-okta-client")
    asked = scopes.needed
    monkeypatch.setattr(
        "provisioner.adapters.okta.connection.needed",
        lambda plan, write: tuple(each for each in asked(plan, write=write) if each != "okta.users.manage"),
    )

    ran = run("apply", "okta.yaml", "--yes")

    assert ran.code == 5
    assert "3 of 5 changes were made" in ran.err
    assert "POST /api/v1/users: scope okta.users.manage is missing" in ran.err


def test_a_client_bound_to_a_key(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """DPoP needs nothing but the credentials: the program finds out."""
    as_service_app(served, monkeypatch, "sandbox-okta-dpop-client")
    # The SDK takes seconds to make a key of its own.
    key = RSA.import_key(served.private_key)
    monkeypatch.setattr(RSA, "generate", lambda bits: key)

    assert run("apply", "okta.yaml").code == 0


def test_tls_is_trusted_by_ssl_cert_file(run: Run, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private authority is refused with the name of the variable that makes it trusted."""
    monkeypatch.setenv("OKTA_API_TOKEN", "sandbox-okta-token")
    with serving(tls_home=tmp_path / "tls") as sandbox:
        sandbox.plan()
        refused = run("diff", "okta.yaml")
        monkeypatch.setenv("SSL_CERT_FILE", str(sandbox.addresses.ca_file))
        trusted = run("diff", "okta.yaml")

    assert (refused.code, trusted.code) == (1, 0)
    assert "is not trusted" in refused.err
    assert "set SSL_CERT_FILE" in refused.err
