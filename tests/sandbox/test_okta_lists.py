"""Lists of the Okta sandbox: pages, links, filters, searches, and the unfriendly settings."""

import pytest

from provisioner.sandbox import SandboxSettings
from tests.sandbox.okta_org import Org


@pytest.fixture
def org() -> Org:
    return Org()


def people(org: Org, number: int) -> None:
    for place in range(number):
        org.user(f"user{place}@acme.example", profile={"lastName": f"L{number - place}"})


def walk(org: Org, url: str) -> list[list[str]]:
    """The ids on every page, found by following links."""
    pages = []
    while url:
        answer = org.call("GET", url)
        pages.append([each["id"] for each in answer.json()])
        url = answer.links.get("next", {}).get("url", "")
    return pages


def test_pages_follow_each_other_without_gap_or_repetition(org: Org) -> None:
    """Every user comes once; the last page has no next; the link to itself is always there, and first."""
    people(org, 4)
    pages = walk(org, "/api/v1/users?limit=2")

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({key for page in pages for key in page}) == 5
    links = org.call("GET", "/api/v1/users?limit=2").headers.get_list("link")
    assert [link.partition("rel=")[2] for link in links] == ['"self"', '"next"']


def test_a_cursor_survives_the_end_of_what_it_points_to(org: Org) -> None:
    """A user who is removed between two pages breaks nothing."""
    people(org, 3)
    answer = org.call("GET", "/api/v1/users?limit=2")
    last = answer.json()[-1]["id"]
    for _ in range(2):
        org("DELETE", f"/users/{last}")

    assert len(org.call("GET", answer.links["next"]["url"]).json()) == 2


@pytest.mark.parametrize(
    ("path", "most"), [("/users", 200), ("/apps", 200), ("/groups", 10_000), ("/groups/{group}/users", 1_000)]
)
def test_a_limit_is_cut_to_the_vendors_maximum(org: Org, path: str, most: int) -> None:
    """Asking for more gives the maximum, as the link to itself says."""
    path = path.format(group=org.group()["id"])
    link = org.call("GET", f"/api/v1{path}?limit=99999").headers["link"]

    assert f"limit={most}>" in link


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", "limit=²", "limit=", "after=00u1testcursorvalue"])
def test_a_bad_limit_or_cursor_is_refused(org: Org, query: str) -> None:
    """No page is guessed."""
    assert org.call("GET", f"/api/v1/users?{query}").status_code == 400


def test_some_lists_have_limits_of_their_own(org: Org) -> None:
    """Apps know -1 for their default; the groups of an app come by twenty or more."""
    app = org.app()["id"]

    assert "limit=20>" in org.call("GET", "/api/v1/apps?limit=-1").headers["link"]
    assert org.refused("GET", f"/apps/{app}/groups", limit=19)[:2] == (400, "E0000001")
    assert org("GET", f"/apps/{app}/groups", limit=20) == []


def test_plain_lists_leave_out_deactivated_users(org: Org) -> None:
    """Filters and searches include them."""
    org("DELETE", f"/users/{org.user()['id']}")
    org.clock.advance(5)

    assert len(org("GET", "/users")) == 1
    assert len(org("GET", "/users", q="ana")) == 0
    assert len(org("GET", "/users", filter='status eq "DEPROVISIONED"')) == 1
    assert len(org("GET", "/users", search='status eq "DEPROVISIONED"')) == 1


def test_a_search_lags_behind_a_read_does_not(org: Org) -> None:
    """Until the index has caught up, a search sees what was before; the user himself is up to date."""
    key = org.user()["id"]
    sought = {"search": 'profile.login eq "ana@acme.example"'}
    assert org("GET", "/users", **sought) == []
    org.clock.advance(1)
    org("POST", f"/users/{key}", {"profile": {"title": "Ms"}})

    assert "title" not in org("GET", "/users", **sought)[0]["profile"]
    assert org("GET", f"/users/{key}")["profile"]["title"] == "Ms"
    org.clock.advance(1)
    assert org("GET", "/users", **sought)[0]["profile"]["title"] == "Ms"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ('profile.lastName eq "diaz"', {"ana"}),
        ('profile.lastName sw "DI" or profile.lastName eq "Li"', {"ana", "bo"}),
        ('profile.lastName co "i" and not_there pr', None),
        ('profile.title pr and (profile.lastName eq "Li" or status eq "STAGED")', {"bo"}),
        ('created gt "2020-01-01T00:00:00.000Z" and profile.firstName gt "Ana"', {"bo", "admin"}),
        ('lastUpdated le "2020-01-01T00:00:00.000+02:00"', set()),
        ('profile.title co "M"', None),
        (f'profile.lastName eq "{"L" * 8_000}"', None),
        ('profile.lastName ne "Li"', None),
        ("profile.lastName eq Li", None),
        ('profile.lastName eq "Li" and', None),
        ('(profile.lastName eq "Li"', None),
        ('profile.unknown eq "x"', None),
    ],
)
def test_searches_follow_the_documents_grammar(org: Org, search: str, found: set[str] | None) -> None:
    """Comparisons without case, `pr`, and, or, parentheses; anything else is E0000031."""
    org.user()
    org.user("bo@acme.example", profile={"firstName": "Bo", "lastName": "Li", "title": "Mr"})
    org.clock.advance(5)
    if found is None:
        assert org.refused("GET", "/users", search=search)[:2] == (400, "E0000031")
    else:
        logins = {user["profile"]["login"].partition("@")[0] for user in org("GET", "/users", search=search)}
        assert logins == found


def test_a_sorted_search_goes_through_pages(org: Org) -> None:
    """`sortBy` orders what is found, in either direction, over all pages."""
    people(org, 4)
    org.clock.advance(5)
    url = '/api/v1/users?limit=2&search=profile.lastName sw "L"&sortBy=profile.lastName&sortOrder=desc'
    names = [org("GET", f"/users/{key}")["profile"]["lastName"] for page in walk(org, url) for key in page]

    assert names == ["L4", "L3", "L2", "L1"]


@pytest.mark.parametrize("order", [{"sortBy": "profile.unknown"}, {"sortBy": "id", "sortOrder": "up"}])
def test_an_unknown_order_is_refused(org: Org, order: dict[str, str]) -> None:
    """A search is sorted by what there is, up or down; without a property the direction does not matter (replay)."""
    assert org.refused("GET", "/users", search='id eq "x"', **order)[0] == 400
    assert org("GET", "/users", search='id eq "x"', sortOrder="0") == []


def test_filters_know_little(org: Org) -> None:
    """A filter compares with case, only for equality, only a few properties, and not beside a search."""
    org.user()

    assert org("GET", "/users", filter='profile.lastName eq "diaz"') == []
    assert len(org("GET", "/users", filter='profile.lastName eq "Diaz" and status eq "PROVISIONED"')) == 1
    assert org.refused("GET", "/users", filter='profile.lastName sw "D"')[1] == "E0000031"
    assert org.refused("GET", "/users", filter='profile.title eq "x"')[1] == "E0000031"
    assert org.refused("GET", "/users", filter='id eq "x"', search='id eq "x"')[1] == "E0000033"


def test_fields_project_a_list(org: Org) -> None:
    """Only what was asked for comes, and always the id."""
    org.user()
    (user,) = org("GET", "/users", filter='status eq "PROVISIONED"', fields="status,profile:(login, lastName)")

    assert set(user) == {"id", "status", "profile"}
    assert set(user["profile"]) == {"login", "lastName"}


def test_a_sorted_search_stays_sorted_in_an_unfriendly_sandbox() -> None:
    """Only an order that nobody asked for is shuffled."""
    org = Org(SandboxSettings(shuffle=True, rate_limits=False, search_lag=0))
    people(org, 8)
    found = org("GET", "/users", search='profile.lastName sw "L"', sortBy="profile.lastName")

    assert [user["profile"]["lastName"] for user in found] == [f"L{number}" for number in range(1, 9)]


def test_an_unfriendly_sandbox_gives_small_pages_in_disorder() -> None:
    """With a cap and shuffling, following the links still gives everything once."""
    org = Org(SandboxSettings(page_size_cap=2, shuffle=True, rate_limits=False))
    group = org.group()["id"]
    for place in range(5):
        org.user(f"user{place}@acme.example", body={"groupIds": [group]})
    pages = walk(org, f"/api/v1/groups/{group}/users?limit=200")

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({key for page in pages for key in page}) == 5
