"""The diff: properties that hold for all states, and the cases that properties do not show."""

from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.change import Create, Delete, FieldChange, Update
from provisioner.core.diff import diff, digest
from provisioner.core.resource import Desired, Found, Observed, Resource

ORDER = ("application", "group", "user", "membership")

values = st.one_of(st.none(), st.booleans(), st.text(max_size=3), st.lists(st.text(max_size=2), max_size=2).map(tuple))
fields = st.dictionaries(st.sampled_from(["label", "audience", "roles"]), values, max_size=3)
identities = st.tuples(st.sampled_from(ORDER), st.sampled_from(["a", "b", "c"]))


@st.composite
def desired_states(draw: st.DrawFn) -> Desired:
    wanted = draw(st.dictionaries(identities, fields, max_size=6))
    resources = tuple(Resource(kind, key, own) for (kind, key), own in wanted.items())
    return Desired("acme", resources, ORDER, prune=frozenset(draw(st.sets(st.sampled_from(ORDER)))))


@st.composite
def observed_states(draw: st.DrawFn) -> Observed:
    held = draw(st.dictionaries(identities, fields, max_size=6))
    return observed(*(Found(kind, key, own) for (kind, key), own in held.items()))


def observed(*found: Found) -> Observed:
    return Observed({each.address: each for each in found})


def applied(desired: Desired, before: Observed) -> Observed:
    """What a perfect vendor holds after the change set: the plan's fields laid over its own."""
    after = dict(before.resources)
    for change in diff(desired, before).changes:
        if isinstance(change, Delete):
            del after[change.address]
            continue
        kept = change.found.fields if isinstance(change, Update) else {}
        made = (change.wanted, *(change.parts if isinstance(change, Create) else ()))
        for each in made:
            after[each.address] = Found(each.kind, each.key, {**kept, **each.fields})
    return Observed(after)


@given(desired_states(), observed_states())
def test_applying_a_diff_leaves_nothing_to_do(desired: Desired, before: Observed) -> None:
    """diff(desired, apply(observed, diff)) is empty."""
    assert not diff(desired, applied(desired, before))


@given(desired_states(), observed_states())
def test_nothing_goes_that_the_plan_does_not_prune(desired: Desired, before: Observed) -> None:
    """Deletions concern surplus of the pruned kinds only."""
    wanted = {resource.address for resource in desired.resources}
    gone = {change.address for change in diff(desired, before).changes if isinstance(change, Delete)}

    assert gone == {a for a, f in before.resources.items() if f.kind in desired.prune and a not in wanted}


@given(desired_states(), observed_states())
def test_what_others_build_on_comes_first_and_goes_last(desired: Desired, before: Observed) -> None:
    """Creations and updates follow the order of kinds, deletions run backwards after them."""
    steps = [(change.action == "delete", ORDER.index(change.kind)) for change in diff(desired, before).changes]

    assert steps == sorted(steps, key=lambda step: (step[0], -step[1] if step[0] else step[1]))


@given(desired_states(), observed_states())
def test_every_resource_is_counted_once(desired: Desired, before: Observed) -> None:
    """What is wanted is either changed or unchanged."""
    changes = diff(desired, before)

    assert changes.count("create") + changes.count("update") + changes.unchanged == len(desired.resources)


@given(desired_states(), st.randoms())
def test_the_digest_does_not_depend_on_order(desired: Desired, random: st.DataObject) -> None:
    """The same resources in another order have the same digest."""
    shuffled = list(desired.resources)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert digest(desired) == digest(Desired("acme", tuple(shuffled), ORDER, desired.prune))


def test_only_managed_fields_are_compared() -> None:
    """A field that the plan does not name is left alone, whatever it holds."""
    desired = Desired("acme", (Resource("application", "Flex", {"audience": "new"}),), ORDER)
    held = observed(Found("application", "Flex", {"audience": "old", "logo": "theirs"}))

    (change,) = diff(desired, held).changes

    assert change.fields == (FieldChange("audience", "old", "new"),)


def test_a_part_comes_with_what_brings_it() -> None:
    """The membership of a new person is no change of its own; that of an existing person is."""
    people = tuple(Resource("user", key, {"roles": ("agent",)}) for key in ("ana", "bo"))
    memberships = tuple(Resource("membership", key, comes_with=f"user:{key}") for key in ("ana", "bo"))
    held = observed(Found("user", "bo", {"roles": ("agent",)}))

    ana, bo = diff(Desired("acme", people + memberships, ORDER), held).changes

    assert (ana.address, bo.address) == ("user:ana", "membership:bo")
    assert isinstance(ana, Create)
    assert [part.address for part in ana.parts] == ["membership:ana"]


def test_what_must_exist_is_never_created() -> None:
    """Whatever is missing and may not be created is a matter for the guards; what would come with it as well."""
    ana = Resource("user", "ana", must_exist="the plan says create: false")
    membership = Resource("membership", "ana", comes_with="user:ana")

    assert not diff(Desired("acme", (ana, membership), ORDER), observed())


def test_waves_hold_one_kind_and_direction() -> None:
    """Changes that may run side by side come in one wave."""
    people = tuple(Resource("user", key) for key in ("ana", "bo"))
    desired = Desired("acme", (Resource("group", "Flex"), *people), ORDER, prune=frozenset({"user"}))

    waves = [[change.address for change in wave] for wave in diff(desired, observed(Found("user", "cy"))).waves()]

    assert waves == [["group:Flex"], ["user:ana", "user:bo"], ["user:cy"]]
