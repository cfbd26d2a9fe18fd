"""What the adapter says of changes and of the org, in words."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from provisioner.adapters.okta import PROVIDER, app_user, application, assignment, group, group_rule, membership, user
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.change import Create, Delete, Update
from provisioner.core.diff import diff
from provisioner.core.finding import Finding
from provisioner.core.resource import Found, Observed
from tests.adapters.okta.scripted import a_group, a_person, a_plan, a_user, an_app

MARK = "managed by provisioner, plan acme-okta"


def findings(plan: OktaPlan, app: dict[str, Any], *users: dict[str, Any], description: str = MARK) -> list[Finding]:
    """What is said of an org with this application and these members, and of what would change there."""
    observed = Observed()
    for found in (application.found(plan, app), group.found(plan, a_group(description)), *assigned(plan)):
        observed.add(found)
    for each in users:
        observed.add(user.found(plan, (), each))
    desired = PROVIDER.desired(plan)
    return list(PROVIDER.warnings(plan, desired, observed, diff(desired, observed)))


def assigned(plan: OktaPlan) -> list[Any]:
    return [assignment.found(plan, {}, is_ours=True)]


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("ssoAcsUrl", "https://elsewhere", "FLEX201"),
        ("subjectNameIdTemplate", "${user.id}", "FLEX202"),
        ("subjectNameIdFormat", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "FLEX202"),
        ("audience", "urn:flex:JQ2", "FLEX203"),
        ("attributeStatements", [], "FLEX204"),
        ("idpIssuer", "urn:mine", "FLEX205"),
    ],
)
def test_changes_that_lock_people_out_are_announced(member: str, value: Any, code: str) -> None:
    """A change of a live application that Flex must follow has a code of its own."""
    plan = a_plan()
    app = an_app(plan)
    app["settings"]["signOn"][member] = value

    assert code in [finding.code for finding in findings(plan, app)]


def test_an_org_in_order_gives_no_warning() -> None:
    """Nothing is said where there is nothing to say."""
    plan = a_plan(a_person("ana@acme.example"))

    assert findings(plan, an_app(plan), a_user("ana@acme.example")) == []


def test_mails_are_counted() -> None:
    """One line says how many people Okta will write to."""
    plan = a_plan(a_person("ana@acme.example"), a_person("bo@acme.example"), a_person("cy@acme.example"))

    all_but_one = (a_user("ana@acme.example"), a_user("cy@acme.example"))

    (two,) = findings(plan, an_app(plan), a_user("cy@acme.example"))
    (one,) = findings(plan, an_app(plan), *all_but_one)

    assert (two.code, two.message) == ("FLEX210", "2 people get an activation e-mail from Okta.")
    assert one.message == "1 person gets an activation e-mail from Okta."


def test_the_org_as_it_is_is_reported() -> None:
    """A group that is not ours, an inactive application, and a person who is locked out; the last one is an error."""
    plan = a_plan(a_person("ana@acme.example"))
    deactivated = a_user("ana@acme.example", status="DEPROVISIONED")

    said = findings(plan, an_app(plan, status="INACTIVE"), deactivated, description="Hotline")

    assert [(f.code, f.severity) for f in said] == [
        ("FLEX212", "warning"),
        ("FLEX214", "error"),
        ("FLEX211", "warning"),
    ]


def test_what_nobody_manages_is_not_called_as_the_plans_own_things() -> None:
    """Whoever accepts such a finding in drift.ignore goes on hearing of what the plan names."""
    plan = a_plan(a_person("ana@acme.example"), users={"on_removal": "keep"})
    desired, observed = PROVIDER.desired(plan), Observed()
    app, ours = an_app(plan), a_group("Hotline")
    person = user.found(plan, (), a_user("ana@acme.example"))
    by_hand = app_user.assigned_by_hand(app_user.AppUser("1", "ana@acme.example", True))
    same_names = assignment.found(plan, {"_embedded": {"group": a_group()}}, is_ours=False)
    others = (same_names, by_hand, membership.others("Flex Agents", 2), group_rule.unseen(), *rule("Flex Agents"))
    for found in (application.found(plan, app), group.found(plan, ours), *assigned(plan), person, *others):
        observed.add(found)
    for rival in application.rivals(plan, [an_app(plan, "0oa2")], app):
        observed.add(rival)

    said = {finding.code: finding.path for finding in PROVIDER.unmanaged(plan, desired, observed)}

    assert set(said) == {"FLEX211", "FLEX213", "FLEX215", "FLEX216", "FLEX218", "FLEX219", "FLEX220"}
    assert said["FLEX211"] == "unmarked_group:Flex Agents"
    assert set(said.values()).isdisjoint(resource.address for resource in desired.resources)


def rule(name: str) -> list[Found]:
    return [group_rule.found({"name": name, "status": "ACTIVE"})]


@pytest.mark.parametrize(("status", "verb"), [("DEPROVISIONED", "reactivate"), ("SUSPENDED", "unsuspend")])
def test_what_helps_somebody_who_is_locked_out(status: str, verb: str) -> None:
    """Each state has a way out of its own."""
    plan = a_plan(a_person("ana@acme.example"))

    (found,) = findings(plan, an_app(plan), a_user("ana@acme.example", status=status))

    assert (found.code, found.hint.partition(" ")[0]) == ("FLEX214", verb)


def test_who_else_gets_in_is_reported() -> None:
    """Other groups, people assigned by hand, other applications for the same connection."""
    plan = a_plan()
    app = an_app(plan)
    observed = Observed()
    by_hand = app_user.assigned_by_hand(app_user.AppUser("1", "dora", True))
    sales = assignment.found(plan, {"_embedded": {"group": a_group(name="Sales")}}, is_ours=False)
    for found in (application.found(plan, app), *assigned(plan), sales, by_hand):
        observed.add(found)
    for rival in application.rivals(plan, [an_app(plan, "0oa2", label="Flex test")], app):
        observed.add(rival)
    desired = PROVIDER.desired(plan)

    said = PROVIDER.warnings(plan, desired, observed, diff(desired, observed))

    assert [(f.code, f.path) for f in said] == [
        ("FLEX215", "other_assignment:Sales"),
        ("FLEX216", "direct_assignment:dora"),
        ("FLEX213", "rival_application:Flex test"),
    ]


def test_another_user_name_in_the_application_is_left_and_told() -> None:
    """A diff warns of it; a check of drift shows it as a field, with what to do by hand."""
    plan = a_plan(a_person("ana@acme.example"))
    person = user.found(plan, (), a_user("ana@acme.example"))
    other = app_user.other_name(app_user.AppUser("00uana", "bo@acme.example", False), person, "${source.login}")
    assert other is not None
    desired, observed = PROVIDER.desired(plan), Observed()
    for found in (person, other):
        observed.add(found)

    (left,) = PROVIDER.left_alone(plan, desired, observed)

    assert [(f.path, f.before, f.after) for f in left.change.fields] == [
        ("application_username", "bo@acme.example", "ana@acme.example")
    ]
    assert "FLEX221" in [f.code for f in PROVIDER.warnings(plan, desired, observed, diff(desired, observed))]


def test_remarks_say_what_a_change_means_to_people() -> None:
    """Who gets mail, who loses access, what is taken over."""
    plan = a_plan(a_person("ana@acme.example"))
    there = user.found(plan, (), a_user("ana@acme.example"))
    desired, observed = PROVIDER.desired(plan, adopt=True), Observed()
    observed.add(group.found(plan, a_group()))
    taken_over = diff(desired, observed).changes

    assert PROVIDER.remark(plan, Create(user.wanted(plan, plan.people[0]))) == "gets an activation e-mail"
    assert PROVIDER.remark(plan, Delete(membership.found(plan, there))) == "cannot sign in to Flex any more"
    assert PROVIDER.remark(plan, Delete(there)) == "is deactivated in Okta"
    assert "taken over" in next(PROVIDER.remark(plan, change) for change in taken_over if isinstance(change, Update))


def test_the_provider_is_light_until_an_org_is_opened() -> None:
    """Start-up is a feature: neither the SDK, nor httpx, nor asyncio come with the provider's name."""
    code = (
        "import sys, provisioner.adapters as a; a.provider('okta');"
        "sys.exit(' '.join(m for m in ('okta', 'httpx', 'asyncio', 'pydantic') if m in sys.modules))"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert result.stderr.strip() == ""
