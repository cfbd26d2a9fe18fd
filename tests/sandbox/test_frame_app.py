"""Which tenant and vendor a request reaches, and what the log keeps of it."""

from pathlib import Path

import pytest

from provisioner.sandbox import Sandbox, Store, create_app

from .conftest import Client, Notes


@pytest.mark.parametrize(
    ("origin", "tenant"),
    [
        ("http://localhost:8400", "localhost"),
        ("http://127.0.0.1:8400", "localhost"),
        ("http://[::1]:8400", "localhost"),
        ("http://acme.localhost", "acme"),
        ("https://ACME.localhost:8400", "acme"),
        ("https://acme.okta.localhost:8400", "acme.okta"),
    ],
)
def test_the_host_name_chooses_the_tenant(frame: Sandbox, origin: str, tenant: str) -> None:
    """Loopback is the tenant `localhost`, NAME.localhost is NAME; links keep the origin that the client used."""
    client = Client(frame, origin)

    assert client("GET", "/_sandbox/state").json()["tenant"] == tenant
    assert client("GET", "/notes").json()["origin"] == origin.lower()


@pytest.mark.parametrize("host", ["acme.okta.com", "localhost.evil.example", "-.localhost", "a b.localhost", ""])
def test_an_unknown_host_is_misdirected(client: Client, host: str) -> None:
    """Only loopback names are served, so that no page elsewhere can point its own name here."""
    answer = client("GET", "/_sandbox/state", headers={"host": host})

    assert answer.status_code == 421
    assert "NAME.localhost" in answer.json()["error"]


def test_a_page_of_another_site_makes_no_tenant(frame: Sandbox, client: Client) -> None:
    """What a page embeds from NAME.localhost is refused; whoever opens it makes the tenant, and may then link to it."""
    pushed = {"host": "junk.localhost", "sec-fetch-site": "cross-site"}
    for path in ("/", "/notes", "/_sandbox/state"):
        assert client("GET", path, headers=pushed).status_code == 403
    assert "junk" not in frame.world.store.tenants()

    client("GET", "/notes", headers={"host": "junk.localhost", "sec-fetch-site": "none"})
    assert client("GET", "/", headers=pushed).status_code == 200


def test_a_tenant_is_seeded_once_and_again_after_a_reset(client: Client) -> None:
    """What a client adds stays until the reset, which brings the seeds back."""
    client("POST", "/notes", json={"id": "mine"})
    assert [note["id"] for note in client("GET", "/notes").json()["notes"]] == ["seeded", "mine"]

    client("POST", "/_sandbox/reset")
    assert [note["id"] for note in client("GET", "/notes").json()["notes"]] == ["seeded"]


def test_state_outlives_the_process(tmp_path: Path) -> None:
    """A second sandbox on the same file holds what the first one got."""
    for identifier in ("first", "second"):
        store = Store(tmp_path / "sandbox.sqlite3")
        client = Client(create_app(store, parts=[Notes()]))
        client("POST", "/notes", json={"id": identifier})
        held = [note["id"] for note in client("GET", "/notes").json()["notes"]]
        store.close()

    assert held == ["seeded", "first", "second"]


def test_the_longest_prefix_owns_a_path() -> None:
    """A vendor with the more exact prefix gets the request."""
    narrow = Notes()
    narrow.name, narrow.owns = "narrow", ("/notes/",)
    client = Client(create_app(Store(None), parts=[Notes(), narrow]))
    client("GET", "/notes")
    client("GET", "/notes/1")

    assert [entry["part"] for entry in client("GET", "/_sandbox/requests").json()["requests"]] == ["notes", "narrow"]


def test_what_nobody_knows_is_404_and_shows_in_the_log(client: Client) -> None:
    """Gaps are visible, whether a vendor owns the path or nobody does."""
    assert client("GET", "/notes/none").json()["vendor"] == "notes"
    assert client("GET", "/nobody").status_code == 404

    entries = client("GET", "/_sandbox/requests").json()["requests"]
    assert [(entry["path"], entry["part"], entry["unknown"]) for entry in entries] == [
        ("/notes/none", "notes", True),
        ("/nobody", None, True),
    ]


def test_answers_carry_the_time_of_the_sandbox(client: Client) -> None:
    """Clients hold rate-limit resets against `Date`, so it follows the sandbox's clock."""
    client("POST", "/_sandbox/clock", json={"freeze": "2030-02-01T00:00:00Z"})

    assert client("GET", "/notes").headers.get_list("date") == ["Fri, 01 Feb 2030 00:00:00 GMT"]


def test_the_log_keeps_requests_in_order_without_control_requests(client: Client) -> None:
    """`since` gives what came after a number; clearing starts anew without reusing numbers."""
    for identifier in "ab":
        client("POST", "/notes", json={"id": identifier}, params={"q": identifier})
    first, second = client("GET", "/_sandbox/requests").json()["requests"]

    assert (first["method"], first["path"], first["query"], first["status"]) == ("POST", "/notes", {"q": "a"}, 201)
    assert (first["bucket"], first["tenant"], first["at"]) == ("notes", "localhost", "2027-01-15T08:00:00.000Z")
    assert client("GET", f"/_sandbox/requests?since={first['number']}").json()["requests"] == [second]

    client("DELETE", "/_sandbox/requests")
    client("GET", "/notes")
    assert [entry["number"] for entry in client("GET", "/_sandbox/requests").json()["requests"]] == [3]


def test_the_log_holds_no_secret(client: Client) -> None:
    """Passwords, tokens, assertions, private keys and foreign bodies never show, in whatever form they were sent."""
    client("POST", "/notes?token=hush", json={
        "id": "a", "name": "shown", "credentials": {"password": {"value": "hush"}},
        "jwk": {"kty": "RSA", "n": "shown", "d": "hush"}, "expired": True,
    }, headers={"authorization": "SSWS hush"})  # fmt: skip
    client("POST", "/oauth2/v1/token", data={"grant_type": "shown", "client_assertion": "hush"})
    client("POST", "/notes/page", content=b"<p>hush</p>", headers={"content-type": "text/html"})
    client("POST", "/notes/broken", content=b"{hush", headers={"content-type": "application/json"})
    log = client("GET", "/_sandbox/requests").text

    assert "hush" not in log
    assert log.count("shown") == 5  # name and n, each in request and answer, and grant_type
    assert "(text/html, 11 bytes)" in log
