"""What Flex makes of the claims of one login."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.flex.response.codes import RESPONSE
from provisioner.flex.roles import FLEX_ROLES, ROLES
from provisioner.flex.sign_on import SIGN_ON, judge, unsendable
from provisioner.flex.worker import worker

GOOD = {"roles": ["agent"], "full_name": ["Ana Díaz"], "email": ["ana@acme.example"]}
NAME_ID = "ana@acme.example"
PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def without(name: str, **instead: list[str]) -> dict[str, list[str]]:
    return {claim: values for claim, values in GOOD.items() if claim != name} | instead


CLAIMS = {
    "an agent": (GOOD, []),
    "roles with a comma and a space": (GOOD | {"roles": ["agent, supervisor,wfo.team_leader"]}, []),
    "roles as several values": (GOOD | {"roles": ["supervisor", "wfo.full_access"]}, []),
    "typed claims that fit": (GOOD | {"a.int": ["-3"], "b.boolean": ["true"], "c.intarray": ["1, 2", "3"]}, []),
    "a claim of one's own": (GOOD | {"company.division": ["a", "b"], "image_url": [""]}, []),
    "a typed claim that is cleared": (GOOD | {"level.int": [""]}, []),
    "no e-mail address": (without("email"), ["FLEX301"]),
    "an empty name": (GOOD | {"full_name": [""]}, ["FLEX302"]),
    "no value at all": (GOOD | {"full_name": []}, ["FLEX302"]),
    "roles of commas": (GOOD | {"roles": [" , "]}, ["FLEX302"]),
    "a role claim in the singular": (without("roles", role=["agent"]), ["FLEX301"]),
    "a namespaced e-mail address": (without("email", **{"http://schemas/claims/emailaddress": ["a"]}), ["FLEX301"]),
    "a namespaced claim beside": (GOOD | {"http://schemas/claims/upn": ["a"]}, ["FLEX303"]),
    "what Auth0 sends beside": (
        GOOD | {f"http://schemas/claims/{n}": ["a"] for n in ("emailaddress", "nameidentifier")},
        [],
    ),
    "a claim in other letters": (GOOD | {"Email": ["a"]}, ["FLEX304"]),
    "an optional claim by another name": (GOOD | {"picture": ["https://acme.example/a.png"]}, ["FLEX304"]),
    "a role in capitals": (GOOD | {"roles": ["Admin"]}, ["FLEX305"]),
    "a role that is none": (GOOD | {"roles": ["agent", "janitor"]}, ["FLEX305"]),
    "a role with a line end": (GOOD | {"roles": ["agent\n"]}, ["FLEX306"]),
    "a role with a space before it": (GOOD | {"roles": [" agent"]}, ["FLEX306"]),
    "Insights alone": (GOOD | {"roles": ["wfo.team_leader"]}, ["FLEX307", "FLEX308"]),
    "Insights for an agent": (GOOD | {"roles": ["agent,wfo.team_leader"]}, ["FLEX308"]),
    "an admin without Insights role": (GOOD | {"roles": ["admin"]}, ["FLEX309"]),
    "the text null": (GOOD | {"email": ["null"]}, ["FLEX310"]),
    "a role null": (GOOD | {"roles": ["null"]}, ["FLEX310"]),
    "a number in words": (GOOD | {"level.int": ["three"]}, ["FLEX311"]),
    "two numbers for one": (GOOD | {"level.int": ["1", "2"]}, ["FLEX311"]),
    "a boolean that is none": (GOOD | {"on_call.booleanarray": ["true,maybe"]}, ["FLEX311"]),
    "a type in capitals": (GOOD | {"level.Int": ["3"]}, ["FLEX312"]),
}


@pytest.mark.parametrize(
    ("role", "hint"),
    [
        ("agent\nsupervisor", "separate roles with a comma: `agent,supervisor`"),
        ("Agent;wfo.team_leader", "separate roles with a comma: `agent,wfo.team_leader`"),
        ("Admin", "send `admin`, in exactly these letters"),
        ("agent supervizor", "send `agent`, in exactly these letters"),
        ("janitor", "use admin, agent, supervisor"),
    ],
)
def test_what_is_said_of_a_role_that_is_none_loses_no_other(role: str, hint: str) -> None:
    """Several that are not separated with a comma are told from one that is misspelled."""
    assert [found.hint for found in judge(NAME_ID, GOOD | {"roles": [role]}) if found.code == "FLEX305"] == [hint]


def test_what_is_quoted_of_a_person_can_be_covered() -> None:
    """What is found is the same."""
    told = {"roles": ["Ana Diaz"], "level.int": ["Ana Diaz"], "email": ["ana"], "full_name": ["ana"]}
    plain, covered = (judge("auth0|ana", told, cover=cover) for cover in (str, lambda _: "covered"))
    assert [found.code for found in plain] == [found.code for found in covered]
    assert "ana" not in str(covered).lower()
    assert str(covered).count("covered") == 3


@pytest.mark.parametrize(("attributes", "codes"), CLAIMS.values(), ids=CLAIMS)
def test_claims_are_judged(attributes: dict[str, list[str]], codes: list[str]) -> None:
    """Each mistake has its code, and says it once."""
    assert [finding.code for finding in judge(NAME_ID, attributes)] == codes


@pytest.mark.parametrize(
    ("name_id", "codes"),
    [
        (NAME_ID, []),
        ("ana", []),
        ("", ["FLEX320"]),
        (" \n", ["FLEX320"]),
        ("undefined", ["FLEX320"]),
        ("a" * 256, []),
        ("a" * 257, ["FLEX321"]),
        ("auth0|65f0c0ffee", ["FLEX322"]),
        ("google-oauth2|1029", ["FLEX322"]),
        ("ana|diaz", []),
        (" ana@acme.example", ["FLEX324"]),
    ],
)
def test_the_name_id_is_judged(name_id: str, codes: list[str]) -> None:
    """It becomes the worker's name, and another one is another worker on the bill."""
    assert [finding.code for finding in judge(name_id, GOOD)] == codes


def test_a_transient_name_id_is_another_worker_each_time() -> None:
    """Whatever its value."""
    transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    assert [finding.code for finding in judge("_8f3c", GOOD, name_id_format=transient)] == ["FLEX323"]


def test_a_missing_claim_is_explained_by_the_one_that_stands_for_it() -> None:
    """The remedy is a rename, in words that can be followed."""
    (finding,) = judge(NAME_ID, without("roles", **{"Flex Role": ["agent"]}))
    assert (finding.message, finding.hint) == (
        "The required claim `roles` is missing: Flex refuses the login with error 45050.",
        "rename `Flex Role` to `roles`",
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\ud83d", "\uffff"])
def test_what_xml_cannot_carry_is_found_in_every_claim(character: str) -> None:
    """Those that Flex does not read, too: no assertion leaves the identity provider."""
    claims = {"http://schemas/claims/name": ["Ana", f"B{character}o"], "full_name": ["B\t\n\r🙂"]}

    (found,) = unsendable("ana", claims)

    assert (found.code, found.path) == ("FLEX313", "attributes.http://schemas/claims/name")
    assert f"U+{ord(character):04X}" in found.message
    assert [each.path for each in unsendable(character, {})] == ["name_id"]


def test_the_worker_has_bare_names_and_typed_values() -> None:
    """Typed claims lose their suffix, namespaced ones are lost, unknown roles do not count."""
    claims = GOOD | {
        "roles": ["agent, janitor", "admin"],
        "level.int": ["3"],
        "skills.stringarray": ["a, b", "c"],
        "remote.boolean": ["false"],
        "http://schemas/claims/upn": ["a"],
    }
    made = worker(NAME_ID, claims)
    assert (made.friendly_name, made.roles) == (NAME_ID, ("agent", "admin"))
    assert made.attributes == {
        "roles": ("agent", "admin"),
        "full_name": "Ana Díaz",
        "email": "ana@acme.example",
        "level": 3,
        "skills": ("a", "b", "c"),
        "remote": False,
    }


TEXTS = st.lists(st.text(max_size=12) | st.sampled_from([*sorted(ROLES), "3", "true", "null"]), max_size=3)
NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(["roles", "email", "full_name", "a.int", "b.booleanarray"])
ANY_CLAIMS = st.dictionaries(NAMES, TEXTS, max_size=6)


@given(st.text(max_size=300), ANY_CLAIMS)
def test_a_login_without_errors_makes_a_worker_who_can_work(name_id: str, attributes: dict[str, list[str]]) -> None:
    """Whatever is sent: where nothing is found, the worker has a name, a role, and every value in its type."""
    if any(finding.severity == "error" for finding in judge(name_id, attributes)):
        return
    made = worker(name_id, attributes)
    assert made.friendly_name.strip()
    assert FLEX_ROLES.intersection(made.roles)


@given(st.sets(st.sampled_from(sorted(FLEX_ROLES)), min_size=1), st.text(min_size=1).filter(str.strip), st.booleans())
def test_good_claims_of_any_person_pass(roles: set[str], full_name: str, joined: bool) -> None:
    """Names are people's own: quotes, umlauts, emoji and XML's specials are nobody's mistake."""
    given_roles = [",".join(roles)] if joined else sorted(roles)
    attributes = {"roles": given_roles, "full_name": [f"Dr. {full_name}"], "email": ["ana@acme.example"]}
    assert {finding.severity for finding in judge(NAME_ID, attributes)} <= {"warning"}
    assert set(worker(NAME_ID, attributes).roles) == roles
    assert worker(NAME_ID, attributes).attributes["full_name"] == f"Dr. {full_name}"


def test_the_page_has_every_code() -> None:
    """docs/rules.md says each in the words that people meet."""
    codes = SIGN_ON | RESPONSE
    rows = re.findall(r"^\| `(FLEX3[0-46-9]\d)` \| (\w+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows == [(code, severity, message) for code, (severity, message, _) in codes.items()]
