"""Where the evidence lies (recordings and vendors' documents), and how it is read. It is no part of this project."""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

FOLDER = Path(os.environ.get("PROVISIONER_EVIDENCE", Path(__file__).parents[3] / "shared"))
needed = pytest.mark.skipif(
    not (FOLDER / "recordings").is_dir(), reason="needs the evidence: ../shared, or PROVISIONER_EVIDENCE"
)


@dataclass(frozen=True)
class Exchange:
    """One recorded request with the vendor's answer."""

    run: str
    number: int
    source: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    sent: Any
    status: int
    answer: Any
    headers: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.run}#{self.number} {self.method} {self.path}"


def replay(vendor: str) -> Iterator[list[Exchange]]:
    """The runs of a vendor's replay file: each is one recorder's traffic with one tenant, in order."""
    runs: dict[str, list[Exchange]] = {}
    with gzip.open(FOLDER / "recordings" / "replay" / f"{vendor}.jsonl.gz", "rt") as lines:
        for line in lines:
            one = _exchange(json.loads(line))
            runs.setdefault(one.run, []).append(one)
    return iter(runs.values())


def _exchange(line: dict[str, Any]) -> Exchange:
    answer = line["res"]
    if isinstance(answer, dict) and "__raw__" in answer:
        answer = answer["__raw__"]
    query = tuple((name, value) for name, value in line["query"])
    return Exchange(
        line["file"],
        line["i"],
        line["src"],
        line["method"],
        line["path"],
        query,
        line["req"],
        line["status"],
        answer,
        line["hdr"],
    )


def recordings(vendor: str) -> list[tuple[str, Exchange]]:
    """The chosen single recordings of a vendor, each with its number and name (`09_app_delete_active_403`)."""
    found = sorted((FOLDER / "recordings" / vendor).glob("*.json"))
    return [(path.stem, _recording(json.loads(path.read_text()))) for path in found]


def _recording(body: dict[str, Any]) -> Exchange:
    asked, got = body["request"], body["response"]
    path, _, query = asked["path"].partition("?")
    repository, file, number = _source(body["source"])
    return Exchange(
        file,
        number,
        repository,
        asked["method"],
        path,
        tuple(parse_qsl(asked.get("query", query))),
        asked["body"],
        got["status"],
        got["body"],
        got["headers"],
    )


def _source(source: Any) -> tuple[str, str, int]:
    """Repository, file and number, which are fields or one text: `owner/name@commit path#7`."""
    if isinstance(source, dict):
        return source["repo"], source["file"], source["interaction"]
    place, _, number = source.rpartition("#") if "#" in source else (source, "", "0")
    return place.partition("@")[0], place.rpartition(" ")[2], int(number)


def document(name: str) -> dict[str, Any]:
    """A vendor's OpenAPI document as JSON: `okta-slim.json`, `auth0-slim.json`."""
    body: dict[str, Any] = json.loads((FOLDER / "openapi" / name).read_text())
    return body
