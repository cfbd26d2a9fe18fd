"""The Auth0 sandbox against the vendor's OpenAPI document."""

import re
from pathlib import Path

import httpx
import pytest

from provisioner.sandbox import Clock, SandboxSettings, Store, create_app
from provisioner.sandbox.auth0 import PART, api
from tests.contract import evidence
from tests.contract.auth0_replay import TOKEN
from tests.contract.auth0_tour import Tour
from tests.contract.document import Document
from tests.sandbox.conftest import Client

pytestmark = evidence.needed
OVERLAY = Path(__file__).with_name("auth0_overlay.json")


@pytest.fixture(scope="module")
def document() -> Document:
    return Document("auth0.json", OVERLAY)


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, httpx.Response]]:
    clock = Clock()
    client = Client(create_app(Store(None), parts=[PART], clock=clock, settings=SandboxSettings(rate_limits=False)))
    return Tour(lambda method, url, **options: client(method, url, headers=TOKEN, **options), clock).walk()


def test_every_answer_is_one_that_the_document_allows(
    document: Document, steps: list[tuple[str, httpx.Response]]
) -> None:
    """What a scripted tour gets back is valid, but for the differences that the overlay owes to recordings."""
    known = {re.sub(r"{\w+}", "{}", name): name for name in document.operations}
    problems = [
        f"{name} {answer.status_code} {problem}"
        for name, answer in steps
        if answer.content
        for problem in document.problems(known[re.sub(r"{\w+}", "{}", name)], answer.status_code, answer.json())
    ]

    assert problems == []


def test_the_tour_visits_every_operation(steps: list[tuple[str, httpx.Response]]) -> None:
    """Nothing that the sandbox serves of the document is left out."""
    served = {f"{each.method} {each.path.removeprefix('/api/v2')}" for each in api.OPERATIONS if "/api/v2" in each.path}

    assert served - {name for name, _ in steps} == set()
