"""The program as people start it, against a sandbox that is another process to it or no process at all."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.served import PATIENCE, Served, program, serving

TOKEN = "sandbox-okta-token"


def run(*arguments: str, code: int = 0) -> str:
    """What the program prints on stdout; it must end with this code."""
    with program(*arguments) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, err
    return out


def edit(old: str, new: str) -> None:
    plan = Path("plans/okta.yaml")
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new), encoding="utf-8")


def test_apply_and_then_look_at_the_sandbox(work: Path) -> None:
    """The README's two commands: what an embedded run made, the served sandbox shows; Ctrl-C ends it well."""
    run("apply", "okta.yaml")
    with program("sandbox", "--port", "0") as process:
        assert process.stdout
        origin = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        state = httpx.get(f"{origin}/_sandbox/state").json()["okta"]
        page = httpx.get(origin).text
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)

    assert "Twilio Flex" in {app["label"] for app in state["apps"]}
    assert "ana@acme.example" in page
    assert (process.returncode, err) == (0, "")


def test_from_the_first_look_to_a_changed_role(work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Check, look, apply, take the values over, change a role, apply again, in sync; all over https."""
    monkeypatch.setenv("OKTA_API_TOKEN", TOKEN)
    with serving(tls_home=tmp_path / "tls") as sandbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(sandbox.addresses.ca_file))
        sandbox.plan()
        assert run("validate", "okta.yaml") == "plans/okta.yaml: valid\n"
        reviewed = json.loads(run("diff", "okta.yaml", "--exit-code", "--format", "json", code=2))
        applied = json.loads(run("apply", "okta.yaml", "--expect", reviewed["digest"], "--format", "json"))
        values = run("outputs", "okta.yaml", "--format", "env")
        edit("roles: [agent, supervisor]", "roles: [agent]")
        changed = run("apply", "okta.yaml", "--yes")
        run("diff", "okta.yaml", "--exit-code")

    assert reviewed["tenant"] == sandbox.origin.removeprefix("https://")
    assert [result["status"] for result in applied["results"]] == ["done"] * len(reviewed["changes"])
    assert f"FLEX_SSO_URL={applied['outputs']['sso_url']}" in values
    assert "~ user:bo@acme.example   agent, supervisor  →  agent" in changed


def in_environment(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKTA_API_TOKEN", TOKEN)


def in_file(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"OKTA_API_TOKEN={TOKEN}\n", encoding="utf-8")


def in_folder(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("secrets").mkdir()
    Path("secrets/okta_client_id").write_text("sandbox-okta-client\n", encoding="utf-8")
    Path("secrets/okta_private_key").write_text(served.private_key, encoding="utf-8")
    monkeypatch.setenv("PROVISIONER_SECRETS_DIR", "secrets")


def for_one_plan(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKTA_API_TOKEN", "of-another-org")
    Path(".env").write_text(f"ACME_OKTA__OKTA_API_TOKEN={TOKEN}\n", encoding="utf-8")


@pytest.mark.parametrize("place", [in_environment, in_file, in_folder, for_one_plan])
def test_credentials_are_found(place: Any, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment, in `.env`, in a secrets folder; those with the plan's name in front win."""
    with serving() as sandbox:
        sandbox.plan()
        place(sandbox, monkeypatch)

        assert "5 to add" in run("diff", "okta.yaml")
