"""The image: built from what is there, pinned, and nothing in it that a check does not need."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.deploy.files import BIN, DEPLOY, PATIENCE, ROOT, checked, environ

DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
TEXT = DOCKERFILE.read_text(encoding="utf-8")


def test_the_dockerfile_is_sound() -> None:
    """By hadolint."""
    assert checked("hadolint", "--failure-threshold", "style", DOCKERFILE) == ""


def test_nobody_is_root_and_every_image_has_a_version() -> None:
    """A number, as Kubernetes asks for where nobody may be root."""
    (user,) = re.findall(r"^USER (.*)$", TEXT, re.M)
    images = re.findall(r"^FROM (\S+)", TEXT, re.M)

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", image) for image in images)


def test_what_is_copied_is_there_and_nothing_else_is_sent() -> None:
    """The build sees no plans, credentials or history."""
    wanted = {word for line in re.findall(r"^COPY (?!--)(.*) \S+$", TEXT, re.M) for word in line.split()}
    ignore = (DOCKERFILE.with_name("Dockerfile.dockerignore")).read_text(encoding="utf-8").split("\n")

    assert {line.removeprefix("!") for line in ignore if line.startswith("!")} == wanted
    assert "*" in ignore
    assert all((ROOT / path).exists() for path in wanted)


def test_it_is_made_of_what_is_tested() -> None:
    """The versions and hashes of the image are among those of the tests, without the tests' own tools.

    What the fleet runs on is there, so that one environment does for each way of running checks.
    """
    tested, shipped = (_pins(path) for path in (ROOT / "requirements.lock", DEPLOY / "requirements.lock"))

    assert shipped.items() <= tested.items()
    assert all("--hash=sha256:" in each for each in shipped.values())
    assert shipped.keys() >= {"procrastinate", "psycopg-binary", "croniter"}
    assert not shipped.keys() & {"pytest", "mypy", "playwright", "starlette", "zizmor"}


def test_it_says_what_it_is() -> None:
    """Started without arguments, it explains itself."""
    entry, arguments = (json.loads(re.findall(rf"^{word} (.*)$", TEXT, re.M)[0]) for word in ("ENTRYPOINT", "CMD"))
    command = [str(BIN / entry[0]), *entry[1:], *arguments]

    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environ(), timeout=PATIENCE)

    assert ran.stdout.startswith("Usage: provisioner")


def _pins(path: Path) -> dict[str, str]:
    """Each package with its version and hashes."""
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    return {block.partition("==")[0]: block for block in blocks}
