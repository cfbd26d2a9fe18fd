"""Apps in the Okta sandbox: what is accepted, what comes back, and when it can be changed."""

from typing import Any

import pytest

from tests.sandbox.okta_org import Org, saml

BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


def statement(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "EXPRESSION", "name": name, "namespace": BASIC, "values": ["user.email"], **more}


@pytest.fixture
def org() -> Org:
    return Org()


def test_a_saml_app_is_named_by_the_vendor(org: Org) -> None:
    """Two apps may have one label; each gets a name, a key and an address of its own."""
    one, other = org.app(), org.app()

    assert one["name"] == "localhost_twilioflex_1"
    assert other["name"] == "localhost_twilioflex_2"
    assert one["credentials"]["signing"]["kid"] != other["credentials"]["signing"]["kid"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"responseSigned": False, "assertionSigned": False},
        {"ssoAcsUrl": ""},
        {"ssoAcsUrl": "flex"},
        {"audience": None},
        {"subjectNameIdFormat": "email"},
        {"authnContextClassRef": "whatever"},
        {"acsEndpoints": [{"url": "https://a.example", "index": 0}]},
        {"attributeStatements": [statement("email"), statement("email")]},
        {"attributeStatements": [statement("")]},
        {"attributeStatements": [statement("email", values=[])]},
        {"attributeStatements": [statement("e" * 513)]},
        {"attributeStatements": [statement("email", values=["v" * 1025])]},
        {"attributeStatements": [{"type": "GROUP", "name": "groups", "namespace": BASIC}]},
        {"slo": {"enabled": True, "issuer": "https://a.example", "logoutUrl": "https://a.example"}},
        {"spCertificate": {"x5c": ["nonsense"]}},
        {"assertionEncryption": {"enabled": True, "x5c": ["one", "two"]}},
        {
            "allowMultipleAcsEndpoints": True,
            "acsEndpoints": [{"url": "https://a.example", "index": place} for place in range(101)],
        },
    ],
)
def test_sign_on_settings_that_make_no_sense_are_refused(org: Org, wrong: dict[str, Any]) -> None:
    """E0000001, and nothing is created."""
    assert org.refused("POST", "/apps", saml(**wrong))[:2] == (400, "E0000001")
    assert len(org("GET", "/apps")) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"assertionSigned": "yes"},
        {"digestAlgorithm": "MD5"},
        {"attributeStatements": [{"name": "email", "values": ["user.email"]}]},
        {"attributeStatements": [statement("email", type="CLAIM")]},
        {"attributeStatements": [statement("email", namespace="basic")]},
    ],
)
def test_what_cannot_be_read_is_malformed(org: Org, wrong: dict[str, Any]) -> None:
    """E0000003 for unknown fields, wrong types, and words outside of a closed list."""
    assert org.refused("POST", "/apps", saml(**wrong)) == (400, "E0000003", [])


def test_a_built_in_user_name_is_one_of_the_vendors(org: Org) -> None:
    """Any other expression is CUSTOM."""
    body = saml() | {"credentials": {"userNameTemplate": {"template": "${source.nickName}"}}}
    assert org.refused("POST", "/apps", body)[:2] == (400, "E0000001")

    body["credentials"]["userNameTemplate"]["type"] = "CUSTOM"
    assert org("POST", "/apps", body)["credentials"]["userNameTemplate"]["pushStatus"] == "DONT_PUSH"


def test_an_app_of_the_wizard_takes_no_name(org: Org) -> None:
    """A name means an app of the catalogue, and must be one."""
    assert org.refused("POST", "/apps", saml() | {"name": "twilio_flex"})[:2] == (400, "E0000001")


def test_a_replacement_resets_what_it_does_not_send(org: Org) -> None:
    """Statements, notes and visibility are gone after a PUT without them; name and key stay."""
    made = org("POST", "/apps", saml(attributeStatements=[statement("email")]) | {"visibility": {"autoLaunch": True}})
    org.clock.advance(10)
    put = org("PUT", f"/apps/{made['id']}", saml() | {"name": "ignored"})

    assert put["settings"]["signOn"]["attributeStatements"] == []
    assert put["visibility"]["autoLaunch"] is False
    assert (put["name"], put["created"], put["credentials"]) == (made["name"], made["created"], made["credentials"])
    assert put["lastUpdated"] > made["lastUpdated"]


def test_what_a_read_gave_can_be_sent_back(org: Org) -> None:
    """A read and a PUT of its body change nothing but the time."""
    made = org.app(attributeStatements=[statement("email")], acsEndpoints=[])
    again = org("PUT", f"/apps/{made['id']}", org("GET", f"/apps/{made['id']}"))

    assert again == made


def test_overrides_are_read_and_dropped(org: Org) -> None:
    """A custom app has no `…Override`; an empty relay state is null."""
    made = org.app(audienceOverride="urn:other", defaultRelayState="")["settings"]["signOn"]

    assert "audienceOverride" not in made
    assert made["audience"] == "urn:flex:JQ1"
    assert made["defaultRelayState"] is None


def test_an_inactive_wizard_app_refuses_a_replacement(org: Org) -> None:
    """The rule is for apps of the wizard: one of the catalogue can be replaced while inactive."""
    custom = org("POST", "/apps", saml(), activate="false")["id"]
    bookmark = {"name": "bookmark", "label": "B", "settings": {"app": {"url": "https://a.example"}}}
    other = org("POST", "/apps", bookmark, activate="false")["id"]

    assert org.refused("PUT", f"/apps/{custom}", saml())[:2] == (400, "E0000024")
    assert org("PUT", f"/apps/{other}", bookmark)["status"] == "INACTIVE"


def test_only_an_inactive_app_is_deleted(org: Org) -> None:
    """Deactivate, then delete; afterwards it is not there for anybody."""
    key = org.app()["id"]
    assert org.refused("DELETE", f"/apps/{key}")[:2] == (403, "E0000056")
    org("POST", f"/apps/{key}/lifecycle/deactivate")
    org("DELETE", f"/apps/{key}")

    assert org.refused("GET", f"/apps/{key}")[:2] == (404, "E0000007")


def test_the_vendors_own_apps_stand_first_and_stay(org: Org) -> None:
    """Lists begin with apps that every org has, and that cannot be changed."""
    first = org("GET", "/apps")[0]

    assert first["label"] == "Okta Admin Console"
    assert org.refused("POST", f"/apps/{first['id']}/lifecycle/deactivate")[:2] == (403, "E0000143")


def test_apps_are_found_by_label_and_filter(org: Org) -> None:
    """`q` is the start of label or name; filters know a few properties, and the people and groups of an app."""
    app, group, user = org.app(), org.group()["id"], org.user()["id"]
    org("PUT", f"/apps/{app['id']}/groups/{group}", {})
    org("POST", f"/apps/{app['id']}/users", {"id": user})

    for query in (
        {"q": "twilio"},
        {"filter": f'name eq "{app["name"]}"'},
        {"filter": f'group.id eq "{group}"'},
        {"filter": f'user.id eq "{user}" and status eq "ACTIVE"'},
    ):
        assert [each["id"] for each in org("GET", "/apps", **query)] == [app["id"]]
    assert org.refused("GET", "/apps", filter='label eq "Twilio Flex"')[:2] == (400, "E0000031")


def test_an_openid_connect_secret_is_told_once(org: Org) -> None:
    """Creation shows the client secret, reads and the sandbox's state do not."""
    body = {
        "name": "oidc_client",
        "label": "C",
        "signOnMode": "OPENID_CONNECT",
        "settings": {"oauthClient": {"grant_types": ["authorization_code"]}},
    }
    made = org("POST", "/apps", body)
    secret = made["credentials"]["oauthClient"]["client_secret"]

    assert secret not in org.call("GET", f"/api/v1/apps/{made['id']}").text
    assert secret not in org.call("GET", "/_sandbox/state").text


def test_the_state_shows_apps_as_a_read_does(org: Org) -> None:
    """Under `/_sandbox/state` stands the vendor's own JSON of every app, and nothing of the store's."""
    org.app()
    apps = org.call("GET", "/_sandbox/state").json()["okta"]["apps"]

    assert len(apps) == 4
    assert apps == [org("GET", f"/apps/{app['id']}") for app in apps]


def test_an_app_can_be_put_under_an_access_policy(org: Org) -> None:
    """The policies that apps link to are listed by type, and can be assigned."""
    app = org.app()
    (policy,) = org("GET", "/policies", type="ACCESS_POLICY")
    org("PUT", f"/apps/{app['id']}/policies/{policy['id']}")

    assert org("GET", f"/apps/{app['id']}")["_links"]["accessPolicy"]["href"].endswith(policy["id"])
    assert org.refused("PUT", f"/apps/{app['id']}/policies/rst0")[:2] == (404, "E0000007")
    assert org.refused("GET", "/policies")[:2] == (400, "E0000028")
