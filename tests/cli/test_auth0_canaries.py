"""Nothing secret of Auth0 is ever shown: every kind of secret is planted, every verb run, all that it left searched."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from provisioner.adapters.auth0.reader import Auth0Reader
from provisioner.adapters.auth0.writer import Auth0Writer
from provisioner.cli.invitations import handed_over
from provisioner.core.change import Change
from provisioner.sandbox.auth0.part import Auth0Part
from tests.cli import canaries
from tests.cli.canaries import Scene
from tests.cli.conftest import Run

WRONG = "canary-7Qk_wrong-secret-3f9aa2"
# With signs that JSON writes in another way, and more than one way to write them.
PASSWORD = 'Canary-"Horse"\\7Qxü-3f9aa2'
PLAN = Path("plans/auth0.yaml")


@pytest.fixture
def scene(run: Run, work: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A tenant that nobody has credentials for yet."""
    with canaries.scene(Auth0Part, PLAN.name, run, caplog, monkeypatch) as made:
        yield made


def from_environment(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application's secret, in variables."""
    given = scene.served.credentials()
    monkeypatch.setenv("AUTH0_CLIENT_ID", given["client ID"])
    monkeypatch.setenv("AUTH0_CLIENT_SECRET", given["client secret"])


def from_file(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application's key, in `.env`; of another plan's credentials nothing is used."""
    given = scene.served.credentials()
    pem = given["private key"]
    lines = f'AUTH0_CLIENT_ID={given["client ID with a private key"]}\nAUTH0_CLIENT_ASSERTION_KEY="{pem}"\n'
    Path(".env").write_text(f"{lines}OTHER__AUTH0_API_TOKEN={WRONG}\n", encoding="utf-8")
    scene.planted |= canaries.key_parts(pem) | {WRONG}


def from_folder(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that somebody fetched, in a secrets folder."""
    Path("secrets").mkdir()
    Path("secrets/auth0_api_token").write_text(scene.served.credentials()["API token"], encoding="utf-8")
    monkeypatch.setenv("PROVISIONER_SECRETS_DIR", "secrets")


def with_password(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan's initial password, in a variable."""
    from_environment(scene, monkeypatch)
    monkeypatch.setenv("AGENT_PASSWORD", PASSWORD)
    scene.planted.add(PASSWORD)
    _edit("initial_password: ticket", "initial_password: ${env.AGENT_PASSWORD}")


def _edit(old: str, new: str) -> None:
    text = PLAN.read_text(encoding="utf-8")
    assert old in text
    PLAN.write_text(text.replace(old, new), encoding="utf-8")


VERBS = (
    ("validate", "auth0.yaml"),
    ("diff", "auth0.yaml", "-v", "--format", "json"),
    ("apply", "auth0.yaml", "-v"),
    ("diff", "auth0.yaml", "-v", "--format", "markdown"),
    ("apply", "auth0.yaml", "-v", "--format", "json"),
    *(("outputs", "auth0.yaml", "-v", "--format", form) for form in ("text", "json", "markdown", "env", "pem")),
    *(("verify", "auth0.yaml", "-v", "--format", form) for form in ("text", "json", "markdown")),
)


FEW = VERBS[2:5]


@pytest.mark.parametrize(
    ("place", "verbs"), [(from_environment, VERBS), (from_file, FEW), (from_folder, FEW), (with_password, FEW)]
)
def test_a_good_day(place: Any, verbs: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb in every form, with credentials from every place; the tenant's own key comes with the application."""
    place(scene, monkeypatch)

    assert [scene(*arguments).code for arguments in verbs] == [0] * len(verbs)

    assert scene.leaked() == []


def test_links_for_choosing_a_password_are_for_one_pair_of_eyes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """They stand in a file that nobody else on the machine may read, and nowhere else."""
    from_environment(scene, monkeypatch)

    told = scene("apply", "auth0.yaml", "-v").err

    (file,) = Path(".provisioner").rglob("*.invitations.csv")
    ((person, link),) = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))[1:]
    assert (person, link in scene.spy.secrets) == ("ana@acme.example", True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in told
    assert scene.leaked() == []


def test_a_link_that_cannot_be_made_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is done, and whoever applied learns who has no link, and what to do."""
    from_environment(scene, monkeypatch)
    scene.served.fault(kind="status", status=500, method="POST", path="/tickets/password-change", times=100)

    ran = scene("apply", "auth0.yaml")

    assert ran.code == 0
    assert "No link for choosing a password for ana@acme.example. They choose one with `Forgot password`" in ran.err
    assert list(Path(".provisioner").rglob("*.invitations.csv")) == []


def test_a_killed_run_has_handed_its_links_over(tmp_path: Path) -> None:
    """Each link is in the file as soon as it is made, long before the run ends."""
    writer = _Inviting()
    with handed_over(writer, tmp_path / "run.jsonl"):
        writer.take("ana@acme.example", "https://acme/lo/reset?ticket=t")
        lines = (tmp_path / "run.invitations.csv").read_text(encoding="utf-8").splitlines()

    assert lines == ["person,link", "ana@acme.example,https://acme/lo/reset?ticket=t"]


class _Inviting:
    """A writer that writes nothing and invites when told to."""

    take: Callable[[str, str], None]

    async def is_as_seen(self) -> bool:
        raise AssertionError

    async def write(self, change: Change) -> None:
        raise AssertionError

    async def record(self, digest: str, certificate: str = "") -> None:
        raise AssertionError

    def hand_links_to(self, take: Callable[[str, str], None]) -> None:
        self.take = take


def test_many_people_come_without_passwords(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of an import holds none, not even one that nobody knows, and none is asked for."""
    from_environment(scene, monkeypatch)
    people = "".join(f"\n    - {{ email: agent{number:02}@acme.example, roles: [agent] }}" for number in range(40))
    _edit("roles: [admin] }", "roles: [admin] }" + people)

    assert scene("apply", "auth0.yaml", "-v").code == 0

    assert len(scene.served.state()["users"]) == 41
    assert not [secret for secret in scene.spy.secrets if secret.startswith("aA1-")]
    assert scene.leaked() == []


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (from_environment, "/oauth/token"),
        (from_file, "/oauth/token"),
        (from_folder, "/clients"),
        (with_password, "POST /api/v2/users"),
    ],
)
def test_a_vendor_that_quotes_the_request(place: Any, path: str, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that repeats headers and body is shown without what is secret in them."""
    place(scene, monkeypatch)
    _edit("on_removal: revoke_roles", "on_removal: keep")
    scene.spy.quotes = path

    text, data = scene("apply", "auth0.yaml", "-v"), scene("apply", "auth0.yaml", "-v", "--format", "json")

    assert "[hidden]" in text.err + text.out
    assert "[hidden]" in data.out
    assert scene.leaked() == []


FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "status": 429, "retry_after": 1, "path": "/oauth/token"},
    {"kind": "status", "status": 503, "times": 99, "path": "/api/v2/users", "method": "POST"},
    {"kind": "status_after_write", "status": 500, "path": "/api/v2/clients", "method": "POST"},
    {"kind": "close", "times": 99, "path": "/oauth/token"},
    {"kind": "close_after_write", "path": "/api/v2/users", "method": "POST"},
    {"kind": "truncate", "times": 99, "path": "/api/v2/clients", "method": "POST"},
    {"kind": "html", "times": 99, "path": "/oauth/token"},
]


def test_faults_of_every_kind(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeated, lost and broken requests say no more than whole ones."""
    with_password(scene, monkeypatch)

    for fault in FAULTS:
        scene.served.fault(**fault)
        scene("apply", "auth0.yaml", "-v")
        scene.served.app.reset("localhost")

    assert scene.leaked() == []


async def failing(self: object, *_: object) -> NoReturn:
    """A mistake in the adapter whose text holds all that it knows."""
    raise ValueError(f"cannot use {PASSWORD} or Authorization: Bearer {WRONG}", self.__dict__)


@pytest.mark.parametrize("place", [(Auth0Reader, "observe"), (Auth0Writer, "write")], ids=["reading", "writing"])
def test_a_mistake_of_ours(place: tuple[type, str], scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody foresaw is told by its name and place alone, even with -v."""
    with_password(scene, monkeypatch)
    monkeypatch.setattr(*place, failing)
    scene.planted.add(WRONG)

    text = scene("apply", "auth0.yaml", "-v")
    data = scene("apply", "auth0.yaml", "--verbose", "--format", "json")
    scene.errors.clear()  # the mistake itself holds the secrets

    assert (text.code, data.json["error"]["type"]) == (1, "error")
    assert "internal error (ValueError)" in text.err
    assert scene.leaked() == []


@pytest.mark.parametrize(
    "variables",
    [
        {"AUTH0_API_TOKEN": WRONG},
        {"AUTH0_API_TOKEN": f"{WRONG[:12]}\n{WRONG[12:]}"},
        {"AUTH0_API_TOKEN": f"ö{WRONG}"},
        {"AUTH0_CLIENT_ID": "sandbox-auth0-client", "AUTH0_CLIENT_SECRET": WRONG},
        {"AUTH0_CLIENT_ID": "sandbox-auth0-jwt-client", "AUTH0_CLIENT_ASSERTION_KEY": WRONG},
        {
            "AUTH0_CLIENT_ID": "sandbox-auth0-jwt-client",
            "AUTH0_CLIENT_ASSERTION_KEY": f"-----BEGIN PRIVATE KEY-----\n{WRONG}\n-----END PRIVATE KEY-----",
        },
    ],
    ids=["wrong token", "folded", "not ASCII", "wrong secret", "no key", "broken key"],
)
def test_credentials_that_are_no_good(variables: dict[str, str], scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a secret is said without repeating it, in whole or in part."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    scene.is_refused("auth0.yaml", WRONG)


def test_the_search_finds_what_leaks(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows the link for Ana, and a line of the tenant's private key, which came with the new application."""
    from_environment(scene, monkeypatch)
    scene("apply", "auth0.yaml")
    secrets = sorted(scene.spy.secrets)
    link = next(secret for secret in secrets if "/lo/reset?" in secret)
    line = next(secret for secret in secrets if secret.startswith("NotARealKey"))

    scene.printed.append(f"so it was {link} and {line}")

    assert {link, line} <= set(scene.leaked())
