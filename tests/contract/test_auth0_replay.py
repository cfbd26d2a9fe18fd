"""The Auth0 sandbox against recorded traffic of real tenants."""

import asyncio

import pytest

from tests.contract import auth0_replay, auth0_scenes, evidence
from tests.contract.score import Score

pytestmark = evidence.needed


@pytest.fixture(scope="module")
def played() -> Score:
    return asyncio.run(auth0_replay.score())


def test_nearly_every_recorded_exchange_comes_back_alike(played: Score) -> None:
    """Status, keys and JSON types are as recorded in at least 99 of 100 exchanges."""
    assert played.share >= 0.99, "\n".join(played.lines(every=False))


def test_skipped_is_what_cannot_be_played(played: Score) -> None:
    """What is not served, was made outside of a run, or was changed by the recorder; and no more than that."""
    assert played.alike.total() > 1_200
    assert all(reason.startswith(("the sandbox does not serve", "about ", "the recorder")) for reason in played.skipped)


def test_values_are_the_recorded_ones(played: Score) -> None:
    """Plain values that are neither times nor identities differ only for clients of third parties, or are encrypted."""
    known = (".refresh_token.", ".jwt_configuration.lifetime_in_seconds", ".options.configuration.")

    assert not [line for line in played.other_values if not line.startswith(known)]


@pytest.mark.parametrize("name", [name for name, _ in evidence.recordings("auth0")])
def test_single_recordings_come_back_alike(name: str) -> None:
    """Each chosen recording is answered as the vendor did; a refusal to the letter."""
    if name[:2] in auth0_scenes.NOT_SERVED:
        pytest.skip(auth0_scenes.NOT_SERVED[name[:2]])

    assert asyncio.run(auth0_scenes.differences_of(name[:2])) == auth0_scenes.SINCE.get(name[:2], [])
