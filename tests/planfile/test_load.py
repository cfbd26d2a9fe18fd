"""A good plan: what is made of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.adapters import model_for
from provisioner.adapters.okta.plan import OktaPlan, guide_statements
from provisioner.errors import InvalidPlan
from provisioner.planfile import document
from provisioner.planfile.load import load
from tests.planfile.conftest import GOOD, PLANS, TODAY, Load, Refuse, changed

SID = "JQ0123456789abcdef0123456789abcdef"
SHORTEST = f"""
version: 1
name: acme
provider: {{type: okta, org_url: https://acme.okta.com}}
flex: {{connection_sid: {SID}}}
application: {{label: Flex}}
assign: {{group: Agents}}
"""


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_load_and_are_clean(path: Path) -> None:
    """People start from these: no finding, not even a warning."""
    loaded = load(path, model_for=model_for, variables={}, environ={}, today=TODAY)
    assert (loaded.findings, loaded.errors) == ((), ())
    assert loaded.plan.people


def test_the_shortest_plan_says_what_the_guide_says(load_text: Load) -> None:
    """What is left out is the guide's; people are not managed, so nobody is removed."""
    plan = load_text(SHORTEST).plan
    assert isinstance(plan, OktaPlan)
    assert plan.application.attribute_statements == guide_statements()
    assert (plan.application.name_id.template, plan.application.username) == ("${user.userName}", "${source.login}")
    assert (plan.people, plan.users.on_removal) == ((), "keep")
    assert (plan.guards.limits.max_count, plan.guards.limits.max_percent, plan.guards.limits.min_admins) == (3, 25, 1)


def test_what_the_plan_says_of_claims_is_all_that_is_sent(load_text: Load) -> None:
    """Named statements are not merged with the guide's."""
    statements = load_text(changed(("    image_url: { format: uri,   value: user.profileUrl }\n", ""))).plan.application
    assert list(statements.attribute_statements) == ["full_name", "roles", "email"]


@pytest.mark.parametrize(
    ("org_url", "base_url", "embedded"),
    [
        ("sandbox", "http://localhost:8400", True),
        ("sandbox:second", "http://second.localhost:8400", True),
        ("https://acme.okta.com/", "https://acme.okta.com", False),
        ("https://acme.okta.com:8443", "https://acme.okta.com:8443", False),
        ("http://localhost:8400", "http://localhost:8400", False),
        ("http://acme.localhost:8400", "http://acme.localhost:8400", False),
        ("http://[::1]:8400", "http://[::1]:8400", False),
    ],
)
def test_the_address_of_the_org(load_text: Load, org_url: str, base_url: str, embedded: bool) -> None:
    """The embedded sandbox has the addresses of a served one; http is for this machine alone."""
    provider = load_text(changed(("org_url: sandbox ", f'org_url: "{org_url}" '))).plan.provider
    assert (provider.base_url, provider.embedded) == (base_url, embedded)


def test_a_group_statement_names_its_filter_as_okta_does(load_text: Load) -> None:
    """OpenAPI: SamlAttributeStatementGroup."""
    plan = load_text(changed(("value: user.userType", "group: {regex: ^(agent|admin)$}"))).plan
    assert plan.application.attribute_statements["roles"].group.chosen == ("REGEX", "^(agent|admin)$")


def test_variables_are_replaced_once_and_everything_else_is_left_alone(load_text: Load) -> None:
    """Okta's own templates look alike; a value that looks like a variable is a value."""
    text = changed(("Twilio Flex", "${var.A} ${env.B} ${user.login} $${var.A}"))
    label = load_text(text, variables={"A": "${env.B}"}, environ={"B": "two"}).plan.application.label
    assert label == "${env.B} two ${user.login} $${env.B}"


def test_a_variable_that_is_not_defined_is_named_with_the_nearest(refuse: Refuse) -> None:
    """And with the way to define it, where nothing is near."""
    text = changed((SID, "${env.FLEX_SDI}"), ("Twilio Flex", "${var.LABEL}"))
    said = [str(problem).partition("plan.yaml:")[2] for problem in refuse(text, environ={"FLEX_SID": SID})]
    assert said == [
        "9:19: `${env.FLEX_SDI}` is not defined (did you mean `FLEX_SID`?)",
        "13:10: `${var.LABEL}` is not defined (give it with --var NAME=VALUE)",
    ]


@pytest.mark.parametrize("text", [GOOD.replace("\n", "\r\n"), f"\ufeff{GOOD}"], ids=["crlf", "byte order mark"])
def test_what_editors_write_is_taken(load_text: Load, text: str) -> None:
    """Windows line ends and a byte order mark mean nothing."""
    assert load_text(text).plan == load_text(GOOD).plan


def test_findings_that_are_errors_come_with_their_place(load_text: Load) -> None:
    """The place is that of the setting, the claim or the person that the finding is about."""
    text = changed(
        ("settings: {}", "settings: {responseSigned: false}"),
        ("    image_url:", "    skills.strings:"),
        ("[agent, supervisor]", "[agent, wfo.team_leader]"),
    )
    places = {problem.message[-8:]: (problem.line, problem.column) for problem in load_text(text).errors}
    assert places == {"FLEX030]": (21, 30), "FLEX013]": (20, 21), "FLEX020]": (33, 1)}


def test_without_libyaml_it_comes_to_the_same(load_text: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """libyaml makes it fast, nothing else."""
    fast = load_text(GOOD)
    monkeypatch.setattr(document.yaml, "__with_libyaml__", False)
    assert load_text(GOOD) == fast


fragments = st.sampled_from(
    [
        *"{}[]:,-?*&!|>%@`#'\"\t\n \\",
        "\r\n",
        "a: ",
        "- ",
        "'x'",
        "&a ",
        "*a",
        "on",
        "1:30",
        "${env.X}",
        "${var.Y}",
        "\0",
        "é",
    ]
)


@given(
    inserted=fragments, at=st.integers(0, len(GOOD)), more=st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
)
def test_whatever_is_typed_the_place_is_inside_the_file(
    inserted: str, at: int, more: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A slip of the fingers anywhere in a good plan loads, or is refused with a place that exists."""
    text = GOOD[:at] + inserted + more + GOOD[at:]
    path = tmp_path_factory.getbasetemp() / "typed.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    lines = len(text.splitlines()) + 1
    try:
        load(path, model_for=model_for, variables={}, environ={}, today=TODAY)
    except InvalidPlan as error:
        for problem in error.problems:
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
