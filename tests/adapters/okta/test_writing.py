"""What the adapter writes to an org: how much, in which order, and that nothing is made twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from provisioner.adapters.okta import PROVIDER
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.diff import diff
from provisioner.core.ownership import Mark
from provisioner.errors import Overtaken, ProvisionerError, VendorError
from tests.adapters.okta.scripted import (
    METADATA,
    Org,
    a_group,
    a_person,
    a_plan,
    a_user,
    an_app,
    connected,
    in_turn,
    refusal,
)
from tests.virtual_time import run

MARK = "managed by provisioner, plan acme-okta"
DIGEST = "0123456789abcdef"
NEW = "POST /api/v1/users"
EXISTS = "login: An object with this field already exists in the current organization"


def apply(org: Org, plan: OktaPlan, *, adopt: bool = False) -> list[str]:
    """Carries out the diff one change after another, and returns what was asked from the first write on."""

    async def main() -> list[str]:
        async with connected(org, plan) as connection:
            desired = PROVIDER.desired(plan, adopt=adopt)
            observed = await connection.observe(desired)
            read = len(org.sent)
            writer = connection.writer(observed)
            for change in diff(desired, observed).changes:
                await writer.write(change)
            await writer.record(Mark(plan.name, DIGEST, "2026-11-29"))
            await connection.facts()
            return org.log[read:]

    return run(main())


def an_org(plan: OktaPlan, *, members: Iterable[dict[str, Any]] = (), **app: Any) -> Org:
    """An org in which every write succeeds; it holds what the plan wants, and these people in the group."""
    there = an_app(plan, **app)
    return Org(
        {
            "GET /api/v1/apps": [there],
            "GET /api/v1/apps/0oa1": there,
            "GET /api/v1/groups": [a_group(MARK)],
            "GET /api/v1/groups/00g1/users": list(members),
            "GET /api/v1/apps/0oa1/groups": [{"id": "00g1"}],
            **WRITES,
        }
    )


def created(request: httpx.Request) -> dict[str, Any]:
    return an_app(a_plan())


WRITES: dict[str, Any] = {
    "PUT /api/v1/apps/0oa1": created,
    "POST /api/v1/apps": created,
    "POST /api/v1/apps/0oa1/lifecycle/activate": {},
    "POST /api/v1/groups": a_group(MARK),
    "PUT /api/v1/groups/00g1": a_group(MARK),
    "PUT /api/v1/apps/0oa1/groups/00g1": {"id": "00g1"},
    NEW: a_user("new@acme.example"),
    r"POST /api/v1/users/\w+": a_user("any@acme.example"),
    r"POST /api/v1/users/\w+/lifecycle/deactivate": {},
    r"(PUT|DELETE) /api/v1/groups/00g1/users/\w+": lambda _: httpx.Response(204),
    "GET /api/v1/apps/0oa1/sso/saml/metadata": lambda _: httpx.Response(200, text=METADATA),
}


def test_a_clean_creation_takes_one_request_a_person() -> None:
    """Application, group, assignment and n people: n + 12 requests at the most, everything that is read included."""
    people = [a_person(f"agent{number}@acme.example") for number in range(100)]
    org = Org(WRITES | {"GET /api/v1/apps/0oa1": an_app(a_plan())})

    apply(org, a_plan(*people))

    assert len(org.sent) <= 100 + 12
    assert org.log.count(NEW) == 100
    assert org.bodies(NEW)[0] == {
        "profile": {
            "login": "agent0@acme.example",
            "email": "agent0@acme.example",
            "firstName": "Ana",
            "lastName": "Diaz",
            "userType": "agent",
        },
        "groupIds": ["00g1"],
    }


def test_what_was_created_is_marked_last() -> None:
    """The application is created with the mark alone; the digest follows when everything is done."""
    org = Org(WRITES | {"GET /api/v1/apps/0oa1": an_app(a_plan())})

    apply(org, a_plan())

    assert org.bodies("POST /api/v1/apps")[0]["settings"]["notes"] == {"admin": MARK}
    assert org.bodies("PUT /api/v1/apps/0oa1")[0]["settings"]["notes"] == {
        "admin": f"{MARK}, applied {DIGEST} on 2026-11-29"
    }
    assert org.bodies("POST /api/v1/groups") == [{"profile": {"name": "Flex Agents", "description": MARK}}]


def test_an_update_replaces_what_was_just_read() -> None:
    """Between the diff and the write somebody may have changed what is not ours: the application is read again."""
    plan = a_plan()
    org = an_org(plan, label="Flex")
    org.answers["GET /api/v1/apps/0oa1"] = an_app(plan, label="Flex", visibility={"hide": {"web": True}})

    log = apply(org, plan)

    assert log[:2] == ["GET /api/v1/apps/0oa1", "PUT /api/v1/apps/0oa1"]
    assert org.bodies("PUT /api/v1/apps/0oa1")[0]["visibility"] == {"hide": {"web": True}}
    assert org.bodies("PUT /api/v1/apps/0oa1")[0]["label"] == "Twilio Flex"


def test_an_application_beside_it_is_left_alone() -> None:
    """Another application for the same connection is no reason not to make the plan's own, and is never written to."""
    plan = a_plan()
    rival = an_app(plan, "0oa9", label="Flex by hand", settings=an_app(plan)["settings"] | {"notes": {}})
    org = Org(WRITES | {"GET /api/v1/apps": [rival], "GET /api/v1/apps/0oa1": an_app(plan)})

    apply(org, plan)

    assert "PUT /api/v1/apps/0oa1/groups/00g1" in org.log
    assert not [line for line in org.log if "0oa9" in line]


def test_an_inactive_application_is_activated_first() -> None:
    """It refuses PUT until then, and needs none where nothing else differs."""
    plan = a_plan()
    org = an_org(plan, status="INACTIVE")
    org.answers["GET /api/v1/apps/0oa1"] = an_app(plan)

    log = apply(org, plan)

    assert log[0] == "POST /api/v1/apps/0oa1/lifecycle/activate"
    assert len(org.bodies("PUT /api/v1/apps/0oa1")) == 1  # the digest


@pytest.mark.parametrize("looks", [1, 2])
def test_of_two_applications_created_at_once_the_second_goes_again(looks: int) -> None:
    """Seen right after the creation or, where Okta's list lags, at the end; nothing is left of it."""
    plan = a_plan()
    org = Org(
        WRITES | {"GET /api/v1/apps/0oa1": an_app(plan), "DELETE /api/v1/apps/0oa1": lambda _: httpx.Response(204)}
    )
    org.answers["POST /api/v1/apps/0oa1/lifecycle/deactivate"] = {}
    ours, other = (
        an_app(plan, created="2026-01-01T00:00:00.002Z"),
        an_app(plan, "0oa2", created="2026-01-01T00:00:00.001Z"),
    )
    org.answers["GET /api/v1/apps"] = in_turn([], *[[ours]] * (looks - 1), [ours, other])

    with pytest.raises(Overtaken, match="0oa1 of this run is deleted again"):
        apply(org, plan)

    assert org.log[-2:] == ["POST /api/v1/apps/0oa1/lifecycle/deactivate", "DELETE /api/v1/apps/0oa1"]
    assert not [line for line in org.log if "0oa2" in line]


@pytest.mark.parametrize("happened", [True, False])
def test_a_lost_answer_makes_no_twin(happened: bool) -> None:
    """After a creation whose answer was lost, the thing is looked for before it is created again."""
    plan = a_plan()
    there = [an_app(plan)] if happened else []
    org = Org(WRITES)
    org.answers["GET /api/v1/apps"] = in_turn([], there, *[[an_app(plan)]] * 2)
    org.answers["POST /api/v1/apps"] = in_turn(httpx.ReadError("gone"), an_app(plan))

    apply(org, plan)

    assert org.log.count("POST /api/v1/apps") == (1 if happened else 2)


@pytest.mark.parametrize(
    ("first", "happened", "posts"),
    [
        (httpx.ReadError("gone"), True, 1),
        (httpx.ReadError("gone"), False, 2),
        (refusal(400, "E0000001", EXISTS), True, 1),
    ],
)
def test_somebody_who_exists_after_all_is_taken_over(first: Any, happened: bool, posts: int) -> None:
    """After a lost answer, or where the search missed somebody, roles and membership are set on the one account."""
    plan = a_plan(a_person("ana@acme.example", "admin"))
    org = an_org(plan)
    org.answers[NEW] = in_turn(first, a_user("ana@acme.example"))
    there = a_user("ana@acme.example", "agent") if happened else refusal(404, "E0000007")
    org.answers["GET /api/v1/users/ana@acme.example"] = there

    log = apply(org, plan)

    assert log.count(NEW) == posts
    assert ("PUT /api/v1/groups/00g1/users/00uana" in log) is happened
    assert org.bodies("POST /api/v1/users/00uana") == ([{"profile": {"userType": "admin"}}] if happened else [])


def test_somebody_who_was_deactivated_is_not_brought_back() -> None:
    """A deactivated account keeps its login; the creation fails, says why, and changes nothing."""
    plan = a_plan(a_person("ana@acme.example"))
    org = an_org(plan)
    org.answers[NEW] = refusal(400, "E0000001", EXISTS)
    org.answers["GET /api/v1/users/ana@acme.example"] = a_user("ana@acme.example", status="DEPROVISIONED")

    with pytest.raises(ProvisionerError, match="is DEPROVISIONED in Okta"):
        apply(org, plan)


def test_an_account_with_other_diacritics_is_not_taken_over() -> None:
    """Okta finds it under the plan's login; it is somebody else's all the same."""
    plan = a_plan(a_person("jürgen@acme.example", "admin"))
    org = an_org(plan)
    org.answers[NEW] = refusal(400, "E0000001", EXISTS)
    org.answers["GET /api/v1/users/jürgen@acme.example"] = a_user("jurgen@acme.example")

    with pytest.raises(VendorError, match=r"takes jürgen@acme.example for the same login"):
        apply(org, plan)

    assert org.log[-2:] == [NEW, "GET /api/v1/users/jürgen@acme.example"]


def test_whoever_was_taken_over_is_not_removed() -> None:
    """A member who was to leave is called as somebody in the plan by now: the removal fails instead of undoing it."""
    plan = a_plan(a_person("new@acme.example"))
    org = an_org(plan, members=[a_user("old@acme.example")])
    org.answers[NEW] = refusal(400, "E0000001", EXISTS)
    org.answers["GET /api/v1/users/new@acme.example"] = a_user("new@acme.example") | {"id": "00uold"}

    with pytest.raises(VendorError, match=r"old@acme.example has another login by now"):
        apply(org, plan)

    assert "DELETE /api/v1/groups/00g1/users/00uold" not in org.log


def test_a_refused_attribute_is_explained() -> None:
    """Okta's refusal stays, with the attributes that it may be about."""
    plan = a_plan(a_person("ana@acme.example"), users={"roles_attribute": "title"})
    org = an_org(plan)
    org.answers[NEW] = refusal(400, "E0000001", "Property name 'title' is not defined in profile")
    org.answers["GET /api/v1/users/ana@acme.example"] = refusal(404, "E0000007")

    with pytest.raises(VendorError, match="not defined") as caught:
        apply(org, plan)

    assert "title" in caught.value.hint


def test_an_existing_member_costs_one_request() -> None:
    """Of somebody who is there only what differs is written."""
    plan = a_plan(a_person("ana@acme.example", "agent", "admin"))
    org = an_org(plan, members=[a_user("ana@acme.example", "agent", firstName="Ana")])

    log = apply(org, plan)

    assert log[0] == "POST /api/v1/users/00uana"
    assert org.bodies(log[0]) == [{"profile": {"userType": "agent,admin"}}]


@pytest.mark.parametrize(
    ("on_removal", "expected"),
    [
        ("unassign", ["DELETE /api/v1/groups/00g1/users/00ucy"]),
        ("deactivate", ["DELETE /api/v1/groups/00g1/users/00ucy", "POST /api/v1/users/00ucy/lifecycle/deactivate"]),
        ("keep", []),
    ],
)
def test_removal_is_what_the_plan_says(on_removal: str, expected: list[str]) -> None:
    """Whoever is no longer named leaves the group, is deactivated as well, or stays; nobody is mailed."""
    plan = a_plan(users={"on_removal": on_removal})
    org = an_org(plan, members=[a_user("cy@acme.example")])

    log = apply(org, plan)

    assert [line for line in log if "00ucy" in line] == expected
    assert all(r.url.params["sendEmail"] == "false" for r in org.sent if r.url.path.endswith("deactivate"))


def test_adopting_marks_the_group() -> None:
    """`--adopt` appends the mark to what the group's description says."""
    plan = a_plan()
    org = an_org(plan)
    org.answers |= {"GET /api/v1/groups": [a_group("Hotline")], "GET /api/v1/groups/00g1": a_group("Hotline")}

    apply(org, plan, adopt=True)

    assert org.bodies("PUT /api/v1/groups/00g1")[0]["profile"]["description"] == f"Hotline\n{MARK}"


@pytest.mark.parametrize(("status", "code"), [(400, "E0000001"), (409, "E0000055")])
def test_a_name_that_another_group_has_is_explained(status: int, code: str) -> None:
    """Names of groups are unique: Okta's refusal to give one back becomes words that say who has it and what to do."""
    plan = a_plan()
    org = an_org(plan)
    renamed = a_group(MARK, "Agents")
    org.answers |= {
        "GET /api/v1/groups": [a_group("Hotline", id_="00g9")],
        "GET /api/v1/apps/0oa1/groups": [{"id": "00g1", "_embedded": {"group": renamed}}],
        "GET /api/v1/groups/00g1": renamed,
        "PUT /api/v1/groups/00g1": refusal(status, code),
    }

    with pytest.raises(VendorError, match=r"another group .*Flex Agents \(00g9\)") as caught:
        apply(org, plan)

    assert "rename or delete that one in Okta" in caught.value.hint
    assert "`Agents`" in caught.value.hint


def test_another_refusal_of_a_group_stays_as_it_is() -> None:
    """Where nobody else has the name, Okta's own words are all that is known."""
    plan = a_plan()
    org = an_org(plan)
    org.answers |= {
        "GET /api/v1/groups": [a_group("Hotline")],
        "GET /api/v1/groups/00g1": a_group("Hotline"),
        "PUT /api/v1/groups/00g1": refusal(400, "E0000001", "description: too long"),
    }

    with pytest.raises(VendorError, match="description: too long"):
        apply(org, plan, adopt=True)


def test_an_attribute_of_our_own_holds_a_list() -> None:
    """A roles attribute that the org lacks is added as a list of texts, and the roles are written as one."""
    plan = a_plan(a_person("ana@acme.example", "agent", "admin"), users={"roles_attribute": "flexRoles"})
    org = an_org(plan)
    schema = "/api/v1/meta/schemas/user/default"
    org.answers |= {f"GET {schema}": {"definitions": {"custom": {"properties": {}}}}, f"POST {schema}": {}}

    log = apply(org, plan)

    assert log[0] == f"POST {schema}"
    assert org.bodies(NEW)[0]["profile"]["flexRoles"] == ["agent", "admin"]
