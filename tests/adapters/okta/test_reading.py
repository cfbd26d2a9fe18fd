"""What the adapter sees of an org, and how many requests that takes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from provisioner.adapters.http import Network
from provisioner.adapters.okta import PROVIDER
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.adapter import IdpFacts
from provisioner.core.diff import diff
from provisioner.core.ownership import NO_MARK
from provisioner.core.resource import Observed
from provisioner.errors import CredentialsError, Refused
from tests.adapters.okta.scripted import METADATA, ORG, Org, a_group, a_person, a_plan, a_user, an_app, connected
from tests.virtual_time import run

MARK = "managed by provisioner, plan acme-okta"
MEMBERS = "GET /api/v1/groups/00g1/users"


def observe(org: Org, plan: OktaPlan, *, adopt: bool = False) -> Observed:
    async def main() -> Observed:
        async with connected(org, plan) as connection:
            return await connection.observe(PROVIDER.desired(plan, adopt=adopt))

    return run(main())


def facts(org: Org, plan: OktaPlan) -> IdpFacts | None:
    async def main() -> IdpFacts | None:
        async with connected(org, plan) as connection:
            await connection.observe(PROVIDER.desired(plan))
            return await connection.facts()

    return run(main())


def an_org(plan: OktaPlan, *members: dict[str, Any], description: str | None = MARK) -> Org:
    """An org that holds what the plan wants, with these people in the group."""
    assigned = {"id": "00g1", "_embedded": {"group": a_group(description)}}
    return Org(
        {
            "GET /api/v1/apps": [an_app(plan)],
            "GET /api/v1/groups": [a_group(description)],
            "GET /api/v1/apps/0oa1/groups": [assigned],
            MEMBERS: list(members),
        }
    )


def test_an_org_in_sync_has_no_difference() -> None:
    """What the plan wants and the org holds is compared whatever the case of logins, in five requests."""
    plan = a_plan(a_person("Ana@acme.example"))
    org = an_org(plan, a_user("ana@ACME.example"))

    assert not diff(PROVIDER.desired(plan), observe(org, plan))
    assert len(org.sent) == 5


def test_pages_are_followed() -> None:
    """Members on a later page are seen, and nobody is asked for one by one."""
    plan = a_plan(a_person("ana@acme.example"), a_person("bo@acme.example"))
    org = an_org(plan)

    def members(request: httpx.Request) -> httpx.Response:
        if "after" in request.url.params:
            return httpx.Response(200, json=[a_user("bo@acme.example")])
        link = f'<{ORG}/api/v1/groups/00g1/users?limit=1000>; rel="self", <{request.url}&after=x>; rel="next"'
        return httpx.Response(200, json=[a_user("ana@acme.example")], headers={"link": link})

    org.answers[MEMBERS] = members

    assert not diff(PROVIDER.desired(plan), observe(org, plan))


def test_an_applied_digest_is_read_from_our_mark_alone() -> None:
    """The mark tells what was applied last; another plan's mark tells nothing, and that it is not ours."""
    plan = a_plan()
    org = an_org(plan)
    app = an_app(plan)
    org.answers["GET /api/v1/apps"] = [app]

    app["settings"]["notes"]["admin"] = f"{MARK}, applied 0123456789abcdef"
    assert observe(org, plan).mark.digest == "0123456789abcdef"

    app["settings"]["notes"]["admin"] = "managed by provisioner, plan other, applied 0123456789abcdef"
    observed = observe(org, plan)
    assert observed.mark == NO_MARK
    assert observed.resources["application:Twilio Flex"].owner == "other"


@pytest.mark.parametrize(
    ("description", "adopt", "seen"), [(MARK, False, True), (None, False, False), (None, True, True)]
)
def test_other_members_count_only_in_a_group_of_ours(description: str | None, adopt: bool, seen: bool) -> None:
    """Whoever the plan does not name can be removed from a group of this plan, or of one that it adopts; else not."""
    plan = a_plan()
    observed = observe(an_org(plan, a_user("cy@acme.example"), description=description), plan, adopt=adopt)

    assert ("membership:cy@acme.example" in observed.resources) is seen
    assert bool(diff(PROVIDER.desired(plan), observed)) is seen


def test_whoever_is_no_member_is_searched_for() -> None:
    """People of the plan outside the group are found in one search, quotes escaped, deactivated ones too."""
    plan = a_plan(a_person("ana@acme.example"), a_person('o"k@acme.example'))
    org = an_org(plan)
    org.answers["GET /api/v1/users"] = [a_user("ana@acme.example", status="DEPROVISIONED")]

    observed = observe(org, plan)

    searches = [r.url.params["search"] for r in org.sent if r.url.path == "/api/v1/users"]
    assert searches == ['profile.login eq "ana@acme.example" or profile.login eq "o\\"k@acme.example"']
    assert [c.address for c in diff(PROVIDER.desired(plan), observed).changes] == [
        'user:o"k@acme.example',
        "membership:ana@acme.example",
    ]


def test_roles_are_not_written_to_a_switch() -> None:
    """A roles attribute that holds no texts is refused before anything is sent."""
    plan = a_plan(users={"roles_attribute": "flexBool"})
    org = an_org(plan)
    custom = {"properties": {"flexBool": {"type": "boolean"}}}
    org.answers["GET /api/v1/meta/schemas/user/default"] = {"definitions": {"custom": custom}}

    with pytest.raises(Refused, match="flexBool holds values of type boolean"):
        observe(org, plan)


def test_a_large_org_is_read_for_its_applications_no_further_than_needed() -> None:
    """Rivals show among the first two pages; then the label finds the plan's own application."""
    plan = a_plan()
    org = an_org(plan)
    rival = an_app(plan, "0oa9", label="Flex by hand", settings=an_app(plan)["settings"] | {"notes": None})

    def pages(request: httpx.Request) -> Any:
        if "q" in request.url.params:
            return [an_app(plan)]
        link = {"link": f'<{ORG}/api/v1/apps?limit=200&after=x>; rel="next"'}
        if "after" not in request.url.params:
            return httpx.Response(200, json=[rival], headers=link)
        return httpx.Response(200, json=[], headers={"link": link["link"].replace("=x", "=y")})

    org.answers["GET /api/v1/apps"] = pages

    observed = observe(org, plan).resources

    assert {"application:Twilio Flex", "rival_application:Flex by hand"} <= observed.keys()
    assert org.log.count("GET /api/v1/apps") == 3


def test_sharp_s_is_not_two_letters() -> None:
    """A login is compared in lower case and no further: `straße` is not the account `strasse`."""
    plan = a_plan(a_person("straße@acme.example"))
    org = an_org(plan)
    org.answers["GET /api/v1/users"] = [a_user("strasse@acme.example")]

    assert [c.address for c in diff(PROVIDER.desired(plan), observe(org, plan)).changes] == ["user:straße@acme.example"]


@pytest.mark.parametrize("place", [MEMBERS, "GET /api/v1/users"])
def test_a_login_with_other_diacritics_is_refused(place: str) -> None:
    """Okta would take one person for the other, so nothing is changed before the plan is."""
    plan = a_plan(a_person("jürgen@acme.example"))
    org = an_org(plan)
    org.answers[place] = [a_user("Jurgen@acme.example")]

    with pytest.raises(Refused, match=r"holds jurgen@acme.example and takes jürgen@acme.example"):
        observe(org, plan)


def test_a_member_under_a_former_login_is_the_same_person() -> None:
    """A search lags behind a change of login; what it still shows is never added while the same account is removed."""
    plan = a_plan(a_person("old@acme.example"))
    renamed = a_user("old@acme.example") | {"profile": {"login": "new@acme.example"}}
    org = an_org(plan, renamed)
    org.answers["GET /api/v1/users"] = [a_user("old@acme.example")]

    changes = diff(PROVIDER.desired(plan), observe(org, plan)).changes

    assert [c.address for c in changes] == ["user:old@acme.example", "membership:new@acme.example"]


def test_many_people_are_searched_for_in_few_requests() -> None:
    """A small org is read in one page; a large one by logins, some fifty a request, none of them too long."""
    plan = a_plan(*(a_person(f"agent{number}@acme.example") for number in range(200)))
    small, large = an_org(plan), an_org(plan)
    small.answers["GET /api/v1/users"] = [a_user(f"agent{number}@acme.example") for number in range(150)]

    def two_pages(request: httpx.Request) -> httpx.Response:
        link = f'<{ORG}/api/v1/users?search=x&after=1>; rel="next"'
        is_first = "lastUpdated" in request.url.params["search"]
        return httpx.Response(200, json=[a_user("other@acme.example")], headers={"link": link} if is_first else {})

    large.answers["GET /api/v1/users"] = two_pages

    assert sum(address.startswith("user:") for address in observe(small, plan).resources) == 150
    assert small.log.count("GET /api/v1/users") == 1
    observe(large, plan)
    assert large.log.count("GET /api/v1/users") <= 2 + 5
    assert max(len(str(request.url)) for request in large.sent) < 4096


def test_ten_thousand_people_take_thirty_requests() -> None:
    """Nothing to change, ten thousand members: what is there is read in pages."""
    people = [a_person(f"agent{number}@acme.example") for number in range(10_000)]
    plan = a_plan(*people)
    org = an_org(plan)
    org.answers |= {MEMBERS: paged(1000), "GET /api/v1/apps/0oa1/users": paged_assignments}
    org.answers["GET /api/v1/apps/0oa1/sso/saml/metadata"] = metadata

    facts(org, plan)

    assert len(org.sent) <= 30


def paged(size: int) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("after", 0))
        people = [a_user(f"agent{number}@acme.example") for number in range(start, min(start + size, 10_000))]
        link = f'<{request.url.copy_set_param("after", start + size)}>; rel="next"'
        return httpx.Response(200, json=people, headers={"link": link} if start + size < 10_000 else {})

    return answer


def paged_assignments(request: httpx.Request) -> httpx.Response:
    start = int(request.url.params.get("after", 0))
    link = f'<{request.url.copy_set_param("after", start + 500)}>; rel="next"'
    headers = {"link": link} if start + 500 < 10_000 else {}
    return httpx.Response(200, json=[{"id": f"00u{start}", "scope": "GROUP"}], headers=headers)


def metadata(request: httpx.Request) -> httpx.Response:
    assert request.headers["accept"] == "application/xml"
    return httpx.Response(200, text=METADATA, headers={"content-type": "application/xml;charset=ISO-8859-1"})


def test_who_else_gets_in_is_seen() -> None:
    """Other groups, people assigned by hand and other applications with the same ACS URL are seen, never removed."""
    plan = a_plan(a_person("ana@acme.example"))
    org = an_org(plan, a_user("ana@acme.example"))
    rival = an_app(plan, "0oa2", label="Flex test")
    rival["settings"]["notes"] = {}
    org.answers |= {
        # Without the label nothing is found by name, so that all applications are looked at.
        "GET /api/v1/apps": [an_app(plan, label="Renamed"), rival],
        "GET /api/v1/apps/0oa1/groups": [
            {"id": "00g1"},
            {"id": "00g2", "_embedded": {"group": a_group(name="Sales")}},
        ],
        "GET /api/v1/apps/0oa1/users": [
            {"id": "00udora", "scope": "USER", "credentials": {"userName": "dora@acme.example"}},
            {"id": "00uana", "scope": "USER"},
            {"id": "00ubo", "scope": "GROUP"},
        ],
    }

    observed = observe(org, plan)

    others = {"other_assignment:Sales", "direct_assignment:dora@acme.example", "rival_application:Flex test"}
    assert others <= set(observed.resources)
    assert [c.address for c in diff(PROVIDER.desired(plan), observed).changes] == ["application:Twilio Flex"]


@pytest.mark.parametrize("called_so", [[], [a_group("Hotline", id_="00g9")], [a_group(f"{MARK}-two", id_="00g9")]])
def test_a_renamed_group_is_found_among_those_let_in(called_so: list[Any]) -> None:
    """By the plan's mark, in as many requests as ever, also where another group has the plan's name by now."""
    plan = a_plan(a_person("ana@acme.example"))
    org = an_org(plan, a_user("ana@acme.example"))
    renamed = a_group(MARK, "Agents")
    org.answers["GET /api/v1/groups"] = called_so
    org.answers["GET /api/v1/apps/0oa1/groups"] = [{"id": "00g1", "_embedded": {"group": renamed}}]

    changes = diff(PROVIDER.desired(plan), observe(org, plan)).changes

    assert [(c.address, c.action) for c in changes] == [("group:Flex Agents", "update")]
    assert len(org.sent) == 5


@pytest.mark.parametrize("names", [("Flex Agents", "Agents"), ("Agents", "Agents EU")])
def test_twin_groups_are_refused(names: tuple[str, str]) -> None:
    """Which of two with the plan's mark is the plan's is for people to sort out; both are named, and what helps."""
    plan = a_plan()
    org = an_org(plan)
    twins = [a_group(MARK, name, f"00g{place}") for place, name in enumerate(names, 1)]
    org.answers["GET /api/v1/groups"] = [each for each in twins if each["profile"]["name"] == "Flex Agents"]
    org.answers["GET /api/v1/apps/0oa1/groups"] = [{"id": each["id"], "_embedded": {"group": each}} for each in twins]

    with pytest.raises(Refused, match=rf"00g1 \({names[0]}\), 00g2 \({names[1]}\).*`{MARK}`.*description"):
        observe(org, plan)


@pytest.mark.parametrize(
    ("description", "on_removal", "people", "count"),
    [
        (MARK, "unassign", ["ana"], None),
        (MARK, "keep", ["ana"], 2),
        (None, "unassign", ["ana"], 2),
        (None, "unassign", [], None),
    ],
)
def test_members_beside_the_plan_are_counted(
    description: str | None, on_removal: str, people: list[str], count: int | None
) -> None:
    """Where an apply leaves them in; a plan that names nobody has no opinion on who is a member."""
    plan = a_plan(*(a_person(f"{name}@acme.example") for name in people), users={"on_removal": on_removal})
    members = [a_user(f"{name}@acme.example") for name in ("ana", "cy", "dora")]

    observed = observe(an_org(plan, *members, description=description), plan)

    others = observed.resources.get("other_members:Flex Agents")
    assert (others.native if others else None) == count


@pytest.mark.parametrize(
    ("template", "username", "told"),
    [
        ("${source.login}", "bo@acme.example", True),
        ("${source.login}", "ANA@acme.example", False),
        ("${source.email}", "ana@acme.example", True),
        ("${source.email}", "ana.diaz@acme.example", False),
        ("${source.nickName}", "bo@acme.example", False),
    ],
)
def test_another_user_name_than_the_template_gives_is_seen(template: str, username: str, told: bool) -> None:
    """It becomes the NameID; what another template gives is not known here."""
    plan = a_plan(a_person("ana@acme.example"), application={"username": template})
    org = an_org(plan, a_user("ana@acme.example", email="Ana.Diaz@acme.example"))
    row = {"id": "00uana", "scope": "GROUP", "credentials": {"userName": username}}
    org.answers["GET /api/v1/apps/0oa1/users"] = [row]

    assert ("application_username:ana@acme.example" in observe(org, plan).resources) is told


def test_facts_come_from_the_live_application() -> None:
    """Issuer, SSO URL, certificate and the one that comes next; nothing for an inactive application, or not ours."""
    plan = a_plan()
    org = an_org(plan)
    org.answers["GET /api/v1/apps/0oa1/sso/saml/metadata"] = metadata
    keys = [{"kid": "kid1", "created": "2025", "x5c": ["AAAA"]}, {"kid": "kid2", "created": "2026", "x5c": ["BBBB"]}]
    org.answers["GET /api/v1/apps/0oa1/credentials/keys"] = keys

    live = facts(org, plan)

    assert live is not None
    assert (live.issuer, "BBBB" in live.next_certificate) == ("http://www.okta.com/exk1", True)
    assert facts(Org(), plan) is None
    assert facts(Org({"GET /api/v1/apps": [an_app(plan, settings={"signOn": {}})]}), plan) is None
    assert facts(Org({"GET /api/v1/apps": [an_app(plan, status="INACTIVE")]}), plan) is None


def test_facts_need_no_observation() -> None:
    """`outputs` asks for them alone."""
    plan = a_plan()
    org = an_org(plan)
    org.answers["GET /api/v1/apps/0oa1/sso/saml/metadata"] = metadata

    async def main() -> IdpFacts | None:
        async with connected(org, plan) as connection:
            return await connection.facts()

    assert run(main()) is not None
    assert len(org.sent) == 3


def test_nothing_is_sent_without_credentials() -> None:
    """Missing credentials are an error before the first request."""

    org = Org()

    async def main() -> None:
        async with PROVIDER.connect(a_plan(), Network(inner=org), []):
            pass

    with pytest.raises(CredentialsError):
        run(main())
    assert org.sent == []
