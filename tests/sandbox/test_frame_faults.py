"""Planned faults, as a client in process meets them; test_frame_serve shows the same on a socket."""

from typing import Any

import httpx
import pytest

from provisioner.sandbox import Sandbox
from provisioner.sandbox.faults import Fault

from .conftest import Client


def held(client: Client) -> list[str]:
    return [note["id"] for note in client("GET", "/_sandbox/state").json()["notes"]["notes"]]


@pytest.mark.parametrize(("kind", "carried_out"), [("status", False), ("status_after_write", True)])
def test_a_refusal_is_the_vendors_own(client: Client, kind: str, carried_out: bool) -> None:
    """Before the write nothing is carried out; after it the write stands although the answer is an error."""
    client.plan(kind=kind, status=429, retry_after=7)
    answer = client("POST", "/notes", json={"id": "mine"})

    assert (answer.status_code, answer.json()["vendor"]) == (429, "notes")
    assert answer.headers["retry-after"] == "7"
    assert ("mine" in held(client)) is carried_out


@pytest.mark.parametrize(("kind", "carried_out"), [("close", False), ("close_after_write", True), ("truncate", True)])
def test_a_broken_connection_is_a_protocol_error(client: Client, kind: str, carried_out: bool) -> None:
    """The client learns nothing about whether the request was carried out; the log says what happened."""
    client.plan(kind=kind)
    with pytest.raises(httpx.RemoteProtocolError):
        client("POST", "/notes", json={"id": "mine"})

    assert ("mine" in held(client)) is carried_out
    assert client("GET", "/_sandbox/requests").json()["requests"][0]["fault"] == kind


def test_a_gateways_page_is_html(client: Client) -> None:
    """Something between client and vendor answers in its own form, and nothing is carried out."""
    client.plan(kind="html")
    answer = client("POST", "/notes", json={"id": "mine"})

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert held(client) == ["seeded"]


def test_a_slow_answer_waits_and_is_otherwise_ordinary(frame: Sandbox, client: Client) -> None:
    """The wait goes through `sleep`, which tests replace."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    frame.sleep = sleep
    client.plan(kind="slow", seconds=30)

    assert client("POST", "/notes", json={"id": "mine"}).status_code == 201
    assert waits == [30]


def test_an_answer_slower_than_the_read_timeout_times_out(client: Client) -> None:
    """In process as on a network, the client does not wait longer than it said."""
    client.plan(kind="slow", seconds=600)
    with pytest.raises(httpx.ReadTimeout):
        client("GET", "/notes", timeout=0.01)


def test_the_nth_matching_request_meets_the_fault(client: Client) -> None:
    """Only the tenant's matching requests to vendors count, and the fault is over after `times`."""
    client.plan(kind="status", nth=2, times=2, method="post", path="^/notes$")
    Client(client._app, "http://acme.localhost")("POST", "/notes", json={"id": "elsewhere"})
    statuses = []
    for number in range(4):
        client("GET", "/notes")
        statuses.append(client("POST", "/notes", json={"id": str(number)}).status_code)

    assert statuses == [201, 503, 503, 201]
    (fault,) = client("GET", "/_sandbox/faults").json()["faults"]
    assert (fault["seen"], fault["fired"]) == (3, 2)


def test_faults_after_the_write_wait_for_a_write(client: Client) -> None:
    """A read never uses up a fault that is to lose a write's answer."""
    client.plan(kind="status_after_write")

    assert client("GET", "/notes").status_code == 200
    assert client("POST", "/notes", json={"id": "mine"}).status_code == 503


def test_one_request_meets_one_fault(frame: Sandbox, client: Client) -> None:
    """Two faults for the same request happen one after the other, in the order they were planned."""
    frame.faults.plan(Fault("status", status=429), Fault("status", status=500), tenant="localhost")

    assert [client("GET", "/notes").status_code for _ in range(3)] == [429, 500, 200]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "earthquake"},
        {"kind": "status", "status": 404},
        {"kind": "status", "nth": 0},
        {"kind": "status", "times": "often"},
        {"kind": "status", "path": "["},
        {"kind": "status", "when": "now"},
        {"status": 503},
        "status",
    ],
)
def test_a_fault_in_unknown_words_is_refused(client: Client, fault: Any) -> None:
    """The answer says what is wrong, and none of a list is planned when one is wrong."""
    answer = client("POST", "/_sandbox/faults", json=[{"kind": "close"}, fault])

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert client("GET", "/_sandbox/faults").json() == {"faults": []}


def test_planned_faults_can_be_cleared(client: Client) -> None:
    """After DELETE the sandbox answers as usual."""
    client.plan(kind="close", times=100)
    client("DELETE", "/_sandbox/faults")

    assert client("GET", "/notes").status_code == 200
