"""The control addresses and the page at `/`."""

import re
from typing import Any

import pytest

from provisioner.sandbox import Clock, Sandbox

from .conftest import NOON, Client


def test_state_can_be_asked_for_any_tenant(client: Client) -> None:
    """The host's tenant, a named one, or all that exist, each with the vendors' JSON by part."""
    assert client("GET", "/_sandbox/state").json() == {
        "tenant": "localhost",
        "now": "2027-01-15T08:00:00.000Z",
        "notes": {"notes": [{"id": "seeded", "name": "Seeded note"}]},
    }
    assert client("GET", "/_sandbox/state?tenant=acme").json()["tenant"] == "acme"
    tenants = client("GET", "/_sandbox/state?all=true").json()["tenants"]
    assert [each["tenant"] for each in tenants] == ["acme", "localhost"]
    assert client("GET", "/_sandbox/state?tenant=../x").status_code == 400


def test_a_reset_leaves_other_tenants_alone_unless_it_means_all(client: Client, clock: Clock) -> None:
    """Only `all=true` touches every tenant and the clock."""
    other = Client(client._app, "http://acme.localhost:8400")
    other("POST", "/notes", json={"id": "kept"})
    client("POST", "/_sandbox/reset")
    assert len(other("GET", "/notes").json()["notes"]) == 2
    assert clock.now() == NOON

    client("POST", "/_sandbox/reset?all=true")
    assert len(other("GET", "/notes").json()["notes"]) == 1
    assert clock.now() != NOON


@pytest.mark.parametrize(
    ("change", "now"),
    [
        ({"advance": 60}, NOON + 60),
        ({"freeze": 1.5}, 1.5),
        ({"freeze": "2027-01-15T09:00:00+01:00"}, NOON),
        ({"freeze": "2027-01-15T08:00:00"}, NOON),
    ],
)
def test_the_clock_can_be_set(client: Client, change: dict[str, Any], now: float) -> None:
    """Seconds, ISO times and epoch times are understood; an ISO time without a zone is UTC."""
    assert client("POST", "/_sandbox/clock", json=change).json()["epoch"] == now


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"{", b'{"advance": "1"}', b'{"advance": -1}', b'{"advance": 1, "x": 2}']
)
def test_the_clock_refuses_what_it_does_not_understand(client: Client, body: bytes) -> None:
    """A wrong change is 400 with a reason, and the clock stays."""
    answer = client("POST", "/_sandbox/clock", content=body)

    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert client("GET", "/_sandbox/clock").json()["epoch"] == NOON


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://localhost:8400"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_web_pages_cannot_use_the_control_addresses(client: Client, headers: dict[str, str]) -> None:
    """A page that is open in the same browser must not reset the sandbox; typing the address is fine."""
    assert client("POST", "/_sandbox/reset", headers=headers).status_code == 403
    assert client("GET", "/_sandbox/state", headers={"sec-fetch-site": "none"}).status_code == 200


def test_the_page_shows_the_tenant_and_escapes_what_it_shows(frame: Sandbox, client: Client) -> None:
    """Whatever a client wrote appears as text; credentials and the way to other tenants are there."""
    client("POST", "/notes", json={"id": "1", "name": "<script>alert(1)</script>", "status": "ACTIVE"})
    Client(frame, "http://acme.localhost:8400")("GET", "/notes")
    page = client("GET", "/").text

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "notes-token" in page
    assert 'href="http://acme.localhost:8400"' in page


def test_the_page_has_a_column_only_for_what_there_is(client: Client) -> None:
    """Where nothing of a kind has a status or details, names have the room; a status stands on one line."""
    assert re.findall("<th scope=.col.>([^<]*)", client("GET", "/").text) == ["Name", "Details"]

    client("POST", "/notes", json={"id": "1", "status": "PROVISIONED"})
    page = client("GET", "/").text

    assert re.findall("<th scope=.col.>([^<]*)", page) == ["Name", "Status", "Details"]
    assert '<td class="status">PROVISIONED</td>' in page
    assert "td.status { white-space: nowrap; }" in page


def test_a_program_leaves_values_for_people_to_paste(frame: Sandbox, client: Client) -> None:
    """By name and tenant, the newest in place of the former; a reset forgets them."""
    for sid in ("JQ1", "JQ2"):
        client("PUT", "/_sandbox/clipboard", json={"name": "acme", "values": {"sid": sid}})
    other = Client(frame, "http://acme.localhost:8400")

    assert client("GET", "/_sandbox/clipboard").json() == {"clipboard": [{"name": "acme", "values": {"sid": "JQ2"}}]}
    assert other("GET", "/_sandbox/clipboard").json() == {"clipboard": []}
    client("POST", "/_sandbox/reset")
    assert client("GET", "/_sandbox/clipboard").json() == {"clipboard": []}


@pytest.mark.parametrize("body", [[], {"name": "acme"}, {"name": "", "values": {}}, {"name": "acme", "values": []}])
def test_the_clipboard_takes_named_values_only(client: Client, body: Any) -> None:
    """Anything else is 400 with a reason."""
    answer = client("PUT", "/_sandbox/clipboard", json=body)

    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
