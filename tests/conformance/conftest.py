"""The tenants that the suites run on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.auth0 import Auth0
from tests.conformance.okta import Okta
from tests.conformance.suite import Tenancy
from tests.lab import Lab

PROVIDERS: dict[str, Tenancy] = {"auth0": Auth0(), "okta": Okta()}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    lab.close()


@pytest.fixture(params=PROVIDERS.values(), ids=PROVIDERS.keys())
def tenancy(request: pytest.FixtureRequest) -> Tenancy:
    tenancy: Tenancy = request.param
    return tenancy
