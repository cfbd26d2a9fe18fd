"""The Okta sandbox against the vendor's OpenAPI document."""

from pathlib import Path

import pytest

from provisioner.sandbox import SandboxSettings, Store, create_app
from provisioner.sandbox.okta import PART
from tests.contract import evidence
from tests.contract.document import Document
from tests.contract.replay import TOKEN
from tests.contract.tour import Step, Tour
from tests.sandbox.conftest import Client

pytestmark = evidence.needed
OVERLAY = Path(__file__).with_name("okta_overlay.json")


@pytest.fixture(scope="module")
def document() -> Document:
    return Document("okta-slim.json", OVERLAY)


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    client = Client(create_app(Store(None), parts=[PART], settings=SandboxSettings(rate_limits=False)))
    return Tour(lambda method, url, **options: client(method, url, headers=TOKEN, **options)).walk()


def test_every_answer_is_one_that_the_document_allows(document: Document, steps: list[Step]) -> None:
    """What a scripted tour gets back is valid, but for the differences that the overlay owes to recordings."""
    known = [(name, answer) for name, answer in steps if name in document.operations and answer.content]
    problems = [
        f"{name} {answer.status_code} {problem}"
        for name, answer in known
        if answer.headers["content-type"] == "application/json"
        for problem in document.problems(name, answer.status_code, answer.json())
    ]

    assert problems == []


def test_the_tour_visits_every_operation(document: Document, steps: list[Step]) -> None:
    """No operation of the document that the sandbox ought to serve is left out."""
    assert document.operations - {name for name, _ in steps} == set()
