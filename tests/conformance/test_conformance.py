"""The suite, run by every provider."""

from tests.conformance.suite import JOURNEY, START, TEAM, Tenancy, Wanted, expected
from tests.lab import Lab


def test_the_journey(lab: Lab, tenancy: Tenancy) -> None:
    """Every step is seen, done, done for good, and leaves other people's things alone."""
    tenancy.settle(lab)
    before = None
    for name, wanted in JOURNEY:
        plan = lab.plan(tenancy.plan(wanted))

        assert lab.diff(plan).changes, f"{name}: expected changes, got none"
        ran = lab.apply(plan)
        assert ran.applied.failure is None, f"{name}: {ran.applied.failure}"
        assert not lab.diff(plan).changes, f"{name}: the second diff is not empty"
        state = lab.state()
        assert tenancy.held(state) == expected(wanted), name
        if before is not None and name not in ("somebody who is there already", "one person leaves"):
            assert tenancy.foreign(state) == before, name
        before = tenancy.foreign(state)


def test_a_second_apply_sends_no_write(lab: Lab, tenancy: Tenancy) -> None:
    """Nothing to do means nothing sent."""
    plan = lab.plan(tenancy.plan(TEAM))
    lab.apply(plan)
    writes = lab.writes()

    lab.apply(plan)

    assert lab.writes() == writes


def test_order_and_case_are_no_difference(lab: Lab, tenancy: Tenancy) -> None:
    """Logins are unique whatever their case; people may be listed in any order, and so may their roles."""
    lab.apply(lab.plan(tenancy.plan(TEAM)))
    shouted = Wanted(people={"BO@acme.example": ("supervisor", "agent"), "ANA@acme.example": ("admin",)})

    assert not lab.diff(lab.plan(tenancy.plan(shouted))).changes


def test_whoever_the_plan_keeps_on_removal_stays(lab: Lab, tenancy: Tenancy) -> None:
    """With `keep`, leaving the plan changes nothing in the tenant."""
    lab.apply(lab.plan(tenancy.plan(TEAM)))
    fewer = Wanted(people=START.people, on_removal="keep")

    assert not lab.diff(lab.plan(tenancy.plan(fewer))).changes


def test_nobody_is_created_where_the_plan_forbids_it(lab: Lab, tenancy: Tenancy) -> None:
    """A missing person is a refusal that names them, and no change."""
    seen = lab.diff(lab.plan(tenancy.plan(Wanted(create=False))))

    assert [(refusal.code, refusal.addresses) for refusal in seen.refused] == [("missing", ("user:ana@acme.example",))]
    assert not any(change.address == "user:ana@acme.example" for change in seen.changes.changes)


def test_somebody_elses_application_is_not_touched(lab: Lab, tenancy: Tenancy) -> None:
    """An application that carries another plan's mark is refused."""
    lab.apply(lab.plan(tenancy.plan(START)))

    seen = lab.diff(lab.plan(tenancy.plan(START).replace('"name": "acme"', '"name": "other"')))

    assert "not_ours" in [refusal.code for refusal in seen.refused]
