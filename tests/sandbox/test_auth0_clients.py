"""Rules of Auth0 clients and connections that no recording shows."""

from typing import Any

import pytest

from provisioner.sandbox.auth0 import connections, tokens
from tests.sandbox.auth0_tenant import Tenant
from tests.sandbox.noon import ORIGIN

INVALID = "Payload validation error: "


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": "x", "wrong": 1}, "'Additional properties not allowed: wrong'."),
        ({}, "'Missing required property: name'."),
        ({"name": 1}, "'Expected type string but found type integer' on property name."),
        ({"name": "a<b"}, "'String does not match pattern ^[^<>]+$: a<b' on property name."),
        ({"name": "x", "app_type": "web"}, "'No enum match for: web' on property app_type."),
        ({"name": "x", "callbacks": ["nowhere"]}, "'Object didn't pass validation for format callback-url: nowhere'"),
        ({"name": "x", "addons": {"saml": {}}}, "'Additional properties not allowed: saml' on property addons."),
        (
            {"name": "x", "addons": {"samlp": {"nameIdentifierProbes": None}}},
            "'Expected type array but found type null' on property addons.samlp.nameIdentifierProbes.",
        ),
        (
            {"name": "x", "addons": {"samlp": None}},
            "'Expected type object but found type null' on property addons.samlp",
        ),
        ({"name": "x", "client_metadata": dict.fromkeys("abcdefghijk", "1")}, "'Too many properties defined (11)"),
        (
            {"name": "x", "client_metadata": {"a": 1}},
            "'Expected type string but found type integer' on property client_",
        ),
        ([], "'Expected type object but found type array'."),
    ],
)
def test_a_body_that_breaks_the_schema_is_refused(tenant: Tenant, body: Any, message: str) -> None:
    """The first thing that is wrong is named with its place, in the validator's words."""
    status, code, said = tenant.refused("POST", "/clients", body)

    assert (status, code) == (400, "invalid_body")
    assert said.startswith(INVALID + message)


def test_the_tenants_private_key_is_only_in_the_answer_to_a_creation(tenant: Tenant) -> None:
    """It looks like one, is none, and stands nowhere else: not in reads, not in the state."""
    made = tenant.client()
    (key,) = made["signing_keys"]
    assert key["key"].startswith("-----BEGIN RSA PRIVATE KEY-----\r\nNotARealKey")
    assert made["encrypted"] is True

    shown = tenant("GET", f"/clients/{made['client_id']}")
    assert "key" not in shown["signing_keys"][0]
    state = tenant.call("GET", "/_sandbox/state").text
    assert "PRIVATE KEY" not in state
    assert made["client_secret"] not in state


def test_names_are_not_unique(tenant: Tenant) -> None:
    """Two clients of one name are two clients."""
    assert tenant.client()["client_id"] != tenant.client()["client_id"]


def test_metadata_merges_key_by_key_up_to_ten(tenant: Tenant) -> None:
    """A null deletes its key; an eleventh is refused, also when it comes by a merge."""
    made = tenant.client(client_metadata={"a": "1", "b": "2"})
    home = f"/clients/{made['client_id']}"
    changed = tenant("PATCH", home, {"client_metadata": {"b": None, "c": "3"}})
    assert changed["client_metadata"] == {"a": "1", "c": "3"}

    more = {str(number): "x" for number in range(9)}
    assert tenant.refused("PATCH", home, {"client_metadata": more})[:2] == (400, "invalid_body")


def test_callbacks_keep_their_order_and_are_replaced(tenant: Tenant) -> None:
    """An update names all of them."""
    made = tenant.client(callbacks=["https://b.example", "https://a.example"])
    assert made["callbacks"] == ["https://b.example", "https://a.example"]

    changed = tenant("PATCH", f"/clients/{made['client_id']}", {"callbacks": ["https://c.example"]})
    assert changed["callbacks"] == ["https://c.example"]


def test_an_empty_update_is_refused(tenant: Tenant) -> None:
    """An update names at least one field."""
    assert tenant.refused("PATCH", f"/clients/{tenant.client()['client_id']}", {})[:2] == (400, "invalid_body")


def test_a_deletion_may_be_repeated(tenant: Tenant) -> None:
    """Gone is gone, with every link to connections."""
    before = tenant("GET", f"/connections/{tenant.database}/clients")
    made = tenant.client()
    for _ in range(2):
        assert tenant.call("DELETE", f"/api/v2/clients/{made['client_id']}").status_code == 204

    assert tenant("GET", f"/connections/{tenant.database}/clients") == before


def test_pages_by_number(tenant: Tenant) -> None:
    """Totals on request, at most a hundred on a page, and nothing behind the last."""
    for number in range(3):
        tenant.client(name=f"Client {number}", is_first_party=False)
    page = tenant("GET", "/clients", include_totals="true", per_page="2", page="1", is_first_party="false")

    assert {name: page[name] for name in ("total", "start", "limit")} == {"total": 3, "start": 2, "limit": 2}
    assert [client["name"] for client in page["clients"]] == ["Client 2"]
    assert tenant("GET", "/clients", page="9") == []
    assert tenant.refused("GET", "/clients", per_page="101")[:2] == (400, "invalid_query_string")
    assert tenant.refused("GET", "/clients", wrong="1")[:2] == (400, "invalid_query_string")


def test_pages_by_checkpoint(tenant: Tenant) -> None:
    """`next` leads from page to page, and is absent on the last."""
    names, cursor = list[str](), dict[str, str]()
    while True:
        page = tenant("GET", "/clients", take="3", **cursor)
        names += [client["name"] for client in page["clients"]]
        if "next" not in page:
            break
        cursor = {"from": page["next"]}

    assert sorted(names) == sorted(client["name"] for client in tenant("GET", "/clients"))
    assert tenant.refused("GET", "/clients", take="3", **{"from": "nonsense"})[0] == 400


def test_fields_are_picked_or_left_out(tenant: Tenant) -> None:
    """`fields` with `include_fields` either way."""
    home = f"/clients/{tenant.client()['client_id']}"

    assert tenant("GET", home, fields="name,app_type") == {"name": "Twilio Flex", "app_type": "regular_web"}
    assert "name" not in tenant("GET", home, fields="name", include_fields="false")


def test_secrets_need_their_own_scope(tenant: Tenant) -> None:
    """Without read:client_keys a token sees no secret; with the summary scope alone hardly anything."""
    made = tenant.client()
    seen = {}
    for scope in ("read:clients", "read:client_summary"):
        tokens.grant(tenant.visit, tokens.PLAIN, [scope])
        form = {"grant_type": "client_credentials", "client_id": tokens.PLAIN, "client_secret": tokens.SECRET}
        token = tenant.call("POST", "/oauth/token", form | {"audience": f"{ORIGIN}/api/v2/"}).json()["access_token"]
        header = {"authorization": f"Bearer {token}"}
        seen[scope] = tenant.call("GET", f"/api/v2/clients/{made['client_id']}", headers=header).json()

    assert not {"client_secret", "signing_keys"} & seen["read:clients"].keys()
    assert set(seen["read:client_summary"]) == {"client_id", "name", "app_type", "is_first_party"}


def test_new_clients_get_every_connection_where_the_tenant_says_so(tenant: Tenant) -> None:
    """The tenant's flag is on at first; without it a client begins with none."""
    first = tenant.client()["client_id"]
    connections.set_enabled_for_new_clients(tenant.visit, False)
    second = tenant.client()["client_id"]

    found = tenant("GET", f"/clients/{first}/connections")["connections"]
    assert [connection["name"] for connection in found] == [connections.DATABASE, "google-oauth2"]
    assert tenant("GET", f"/clients/{second}/connections") == {"connections": []}


def test_enabling_adds_and_disabling_takes_away(tenant: Tenant) -> None:
    """Other clients of the connection stay; the older field shows the same."""
    connections.set_enabled_for_new_clients(tenant.visit, False)
    one, other = (tenant.client()["client_id"] for _ in range(2))
    home = f"/connections/{tenant.database}"
    tenant("PATCH", home, {"enabled_clients": []})
    tenant("PATCH", f"{home}/clients", [{"client_id": one, "status": True}, {"client_id": other, "status": True}])
    tenant("PATCH", f"{home}/clients", [{"client_id": one, "status": False}])

    assert tenant("GET", f"{home}/clients") == {"clients": [{"client_id": other}]}
    assert tenant("GET", home)["enabled_clients"] == [other]
    assert tenant("PATCH", home, {"enabled_clients": [one]})["enabled_clients"] == [one]


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"client_id": "x"}],
        [{"client_id": "nobody", "status": True}],
        [{"client_id": "x", "status": True}] * 51,
    ],
)
def test_a_wrong_list_of_clients_is_refused(tenant: Tenant, body: Any) -> None:
    """At least one, at most fifty, all known."""
    assert tenant.refused("PATCH", f"/connections/{tenant.database}/clients", body)[:2] == (400, "invalid_body")


def test_connections_by_name_and_strategy(tenant: Tenant) -> None:
    """Both seeded connections can be found either way."""
    assert [each["strategy"] for each in tenant("GET", "/connections", name="google-oauth2")] == ["google-oauth2"]
    assert [each["name"] for each in tenant("GET", "/connections", strategy="auth0")] == [connections.DATABASE]


def test_fields_of_a_connection_never_leave_out_what_it_is(tenant: Tenant) -> None:
    """The id and the purposes are shown in any case (replay: TestAccConnectionClient)."""
    always = {"id", "is_domain_connection", "authentication", "connected_accounts"}
    home = f"/connections/{tenant.database}"

    assert set(tenant("GET", home, fields="name")) == always | {"name"}
    assert set(tenant("GET", "/connections", name=connections.DATABASE, fields="name")[0]) == always | {"name"}
    assert always < set(tenant("GET", home, fields="id,name", include_fields="false"))


def test_what_does_not_exist_is_the_vendors_404_and_marked(tenant: Tenant) -> None:
    """An unknown path and an unknown method look alike to clients; the log tells them from missing objects."""
    for method, path in (("GET", "/api/v2/nothing"), ("PUT", "/api/v2/clients")):
        answer = tenant.call(method, path)
        assert answer.json() == {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
    tenant.refused("GET", "/clients/x")

    logged = tenant.call("GET", "/_sandbox/requests").json()["requests"]
    assert [entry["unknown"] for entry in logged] == [True, True, False]


def test_other_content_types_and_broken_json_are_refused(tenant: Tenant) -> None:
    """415 for the one, 400 for the other."""
    for content, media, status in (
        ("a=1", "text/plain", 415),
        ("{", "application/json", 400),
        ("NaN", "application/json", 400),
    ):
        answer = tenant.call("POST", "/api/v2/clients", content=content, headers={"content-type": media})
        assert answer.status_code == status
