"""The forms of a diff: the same facts in each, read as a person or a script would."""

import io
from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.change import FieldChange, Result
from provisioner.core.finding import Finding
from provisioner.core.resource import Value
from provisioner.errors import InvalidPlan, NotFound, Problem, Refusal
from provisioner.render import as_json, env, markdown, terminal
from provisioner.render.report import DiffReport, Row, shown
from tests.render.handover import make_values

REPORT = DiffReport(
    plan="acme-okta",
    provider="okta",
    tenant="acme.okta.com",
    digest="9f3c21ab00000000",
    rows=(
        Row(
            "application:Twilio Flex",
            "application",
            "update",
            (
                FieldChange("audience", "urn:flex:JQ11", "urn:flex:JQ22"),
                FieldChange("attribute_statements.image_url", "uri user.picture", None),
                FieldChange("secret", "old", "new", sensitive=True),
            ),
        ),
        Row(
            "user:bo@acme.example",
            "user",
            "create",
            (FieldChange("roles", None, ("agent", "supervisor")),),
            "gets an activation e-mail",
        ),
        Row("user:ana@acme.example", "user", "update", (FieldChange("roles", ("agent",), ("admin",)),)),
        Row("membership:cy@acme.example", "membership", "delete", (), "cannot sign in to Flex any more"),
    ),
    summary={"create": 1, "update": 2, "delete": 1, "unchanged": 398},
    refused=(Refusal("min_admins", "0 Flex admins would be left", ("user:ana@acme.example",)),),
    warnings=(Finding("FLEX203", "warning", "The audience of a live application changes", path="application"),),
    requests={"total": 12, "retried": 1, "rate_limited": 0},
)


def printed(report: DiffReport) -> str:
    out = io.StringIO()
    terminal.diff(terminal.console(out, color=False), report)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_the_text_shows_signs_fields_people_and_consequences() -> None:
    """The face of the product: what changes, before and after, and what it means."""
    assert printed(REPORT) == dedent(
        """\
        acme-okta → acme.okta.com   change set 9f3c21ab00000000

          ~ application:Twilio Flex
              audience                        urn:flex:JQ11  →  urn:flex:JQ22
              attribute_statements.image_url  uri user.picture  →  (none)
              secret                          (hidden)  →  (hidden)

          + user:bo@acme.example         agent, supervisor   (gets an activation e-mail)
          ~ user:ana@acme.example        agent  →  admin
          - membership:cy@acme.example                       (cannot sign in to Flex any more)

          1 to add, 2 to change, 1 to remove, 398 unchanged.   12 requests (1 sent again).
          ✗ Refused: 0 Flex admins would be left.  min_admins
          ! The audience of a live application changes  FLEX203
        """
    )


def test_thousands_of_people_are_cut_short_and_counted() -> None:
    """A long table says how much it leaves out, and how to see it."""
    people = tuple(
        Row(f"user:p{n:04}", "user", "create", (FieldChange("roles", None, ("agent",)),)) for n in range(1200)
    )

    text = printed(
        DiffReport(
            "acme",
            "okta",
            "acme.okta.com",
            "0" * 16,
            people,
            {"create": 1200, "update": 0, "delete": 0, "unchanged": 0},
        )
    )

    assert text.count("+ user:") == 50
    assert "… and 1,150 more; -v shows all, --format json lists them." in text
    assert "1,200 to add" in text


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("urn:x ", '"urn:x "'),
        (("a b", " agent"), 'a b, " agent"'),
        (" ", '" "'),
        ("", "(empty)"),
        ("a\u00a0", '"a\u00a0"'),
    ],
)
def test_blanks_at_the_ends_of_a_value_can_be_seen(value: Value, told: str) -> None:
    """A difference of a blank alone would look like none."""
    assert shown(value) == told


def test_long_values_are_not_wrapped() -> None:
    """What is copied from the terminal is what was meant: one field, one line."""
    url = "https://login.flex.us1.twilio.com/login/callback?connection=JQ" + "0" * 200
    row = Row("application:Flex", "application", "create", (FieldChange("acs_url", None, url),))

    text = printed(
        DiffReport("acme", "okta", "t", "0" * 16, (row,), {"create": 1, "update": 0, "delete": 0, "unchanged": 0})
    )

    assert f"      acs_url  {url}\n" in text


def test_json_has_the_keys_of_the_contract() -> None:
    """The diff object, and nothing sensitive in it."""
    body = as_json.diff(REPORT)

    keys = "format_version plan provider tenant digest changes summary refused warnings requests"
    assert " ".join(body) == keys
    assert body["changes"][0]["fields"][2] == {
        "path": "secret", "before": "(hidden)", "after": "(hidden)", "sensitive": True,
    }  # fmt: skip
    assert body["changes"][1]["fields"][0]["after"] == ("agent", "supervisor")
    assert body["refused"] == [
        {"code": "min_admins", "message": "0 Flex admins would be left", "addresses": ["user:ana@acme.example"]}
    ]


def test_json_of_an_apply_adds_results_outputs_and_the_record() -> None:
    """The apply object is the diff object and three keys more."""
    body = as_json.applied(REPORT, [Result("user:bo@acme.example", "create", "failed", "no")], None, "runs/x.jsonl")

    assert body["results"] == [
        {"address": "user:bo@acme.example", "action": "create", "status": "failed", "error": "no"}
    ]
    assert (body["outputs"], body["run"]) == (None, "runs/x.jsonl")


def test_json_errors_carry_the_vendors_request_id_and_all_problems() -> None:
    """A support case needs the request id; a plan file is repaired in one go."""
    vendor = as_json.error(NotFound("no such app", status=404, code="E0000007", request_id="abc"))["error"]
    plan = as_json.error(InvalidPlan([Problem("a.yaml", 3, 5, "unknown key `lable`")]))["error"]

    assert vendor["vendor"] == {"status": 404, "code": "E0000007", "request_id": "abc"}
    assert plan["problems"] == [
        {"file": "a.yaml", "line": 3, "column": 5, "message": "unknown key `lable`", "hint": ""}
    ]


def test_markdown_is_a_table_with_the_same_facts() -> None:
    """A comment on a pull request: every field, the sum, refusals and warnings."""
    text = markdown.diff(REPORT)

    assert "| `~` | application:Twilio Flex | audience | `urn:flex:JQ11` | `urn:flex:JQ22` |" in text
    assert "| `+` | user:bo@acme.example<br>gets an activation e-mail | roles |  | `agent, supervisor` |" in text
    assert "**1 to add, 2 to change, 1 to remove, 398 unchanged.** Change set `9f3c21ab00000000`." in text
    assert "- **Refused:** 0 Flex admins would be left (`min_admins`)" in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_no_value_breaks_the_markdown_table(value: str) -> None:
    """Pipes and back-ticks in a value add no cell."""
    row = Row("application:Flex", "application", "update", (FieldChange("label", None, value),))
    report = DiffReport("acme", "okta", "t", "0" * 16, (row,), {"create": 0, "update": 1, "delete": 0, "unchanged": 0})

    (line,) = (line for line in markdown.diff(report).split("\n") if line.startswith("| `~`"))

    assert line.replace("\\|", "").count("|") == 6


def test_env_values_survive_a_shell() -> None:
    """Quotes and line ends are kept; lists are joined, absent values are empty."""
    text = env.values({"issuer": "it's", "trusted_urls": ["a", "b"], "login_popup": True, "login_url": None})

    assert text == "FLEX_ISSUER='it'\"'\"'s'\nFLEX_TRUSTED_URLS=a,b\nFLEX_LOGIN_POPUP=true\nFLEX_LOGIN_URL=''\n"


def test_a_long_text_is_shown_by_what_changes_in_it() -> None:
    """An Action's code may have a hundred lines, of which one was edited."""
    code = "\n".join(f"line {number}" for number in range(9))
    change = FieldChange("code", code, code.replace("line 4", "throw"))
    report = replace(REPORT, rows=(Row("action:Flex", "action", "update", (change,)),))

    lines = [line.strip() for line in printed(report).splitlines()]

    assert lines[lines.index("@@ -4,3 +4,3 @@") :][:5] == ["@@ -4,3 +4,3 @@", "line 3", "-line 4", "+throw", "line 5"]
    assert "code  9 lines, sha256" in printed(report)


HIDING = "x\x1b[2K\x1b[1G\n  0 to add\r\u202e`|"


def hostile() -> DiffReport:
    """A report of which every text from outside tries to act on what shows it."""
    fields = (FieldChange(HIDING, HIDING, HIDING), FieldChange("roles", None, (HIDING,)))
    rows = (Row(HIDING, "application", "update", fields, HIDING), Row(HIDING, "user", "create", fields, HIDING))
    warnings = (Finding("FLEX203", "warning", HIDING, HIDING),)
    return replace(REPORT, rows=rows, refused=(Refusal("min_admins", HIDING),), warnings=warnings)


def test_no_text_from_outside_acts_on_a_terminal_or_adds_a_line() -> None:
    """A name with an escape sequence could hide a row of the diff, one with a line end forge a sum."""
    out = io.StringIO()
    console = terminal.console(out, color=False)
    terminal.diff(console, hostile())
    terminal.outcome(console, [Result(HIDING, "create", "failed", HIDING)], "runs/x.jsonl")
    terminal.values(console, [("Friendly name", HIDING)], "PEM")

    assert not {"\x1b", "\r", "\u202e"} & set(out.getvalue())
    assert not [line for line in out.getvalue().splitlines() if line.startswith("  0 to add")]
    assert r"x\x1b[2K\x1b[1G\n  0 to add\r\u202e" in out.getvalue()


def test_no_text_from_outside_leaves_its_place_in_markdown() -> None:
    """A comment in a review shows what is there, and every row of the table stays one line of six bars."""
    text = markdown.diff(hostile()) + markdown.outcome([Result(HIDING, "create", "failed", HIDING)])
    text += markdown.values([("Friendly name", HIDING)], "PEM")

    assert not {"\x1b", "\r", "\u202e"} & set(text)
    assert "- failed: ``" in text
    assert {line.replace("\\|", "").count("|") for line in text.split("\n") if line.startswith("| ")} == {3, 6}


def test_one_long_cell_pads_no_other_row() -> None:
    """A value of 100,000 characters is told by their number, and the other rows stay as short as they are."""
    rows = tuple(
        Row(f"user:p{number}", "user", "create", (FieldChange("first_name", None, name),), "joins")
        for number, name in enumerate(("Ana", "Bo" * 30, "Cy" * 50_000))
    )

    first, second, third = (line for line in printed(replace(REPORT, rows=rows)).splitlines() if "user:p" in line)

    assert len(first) < 80
    assert "first_name " + "Bo" * 30 + "   (joins)" in second
    assert "(100,000 characters, sha256 " in third
    assert len(third) < 200


@pytest.mark.parametrize("columns", ["30", "80", "120"])
def test_values_at_a_terminal_are_whole_and_can_be_copied(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the screen, each value is on one line and the certificate is what it was, nothing beside it."""
    monkeypatch.setenv("COLUMNS", columns)
    out, given = io.StringIO(), make_values()

    terminal.form(terminal.console(out, color=False), given.form(), given.beside(), given.certificate_pem)

    lines = out.getvalue().splitlines()
    assert all(any(line.endswith(f"  {value}") for line in lines) for _, value in given.pairs())
    assert given.certificate_pem in out.getvalue()


def test_a_value_that_fits_stands_beside_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others stand below theirs: eighty columns hold most addresses in one piece then."""
    monkeypatch.setenv("COLUMNS", "80")
    out, given = io.StringIO(), make_values()

    terminal.form(terminal.console(out, color=False), given.form(), given.beside(), given.certificate_pem)

    assert "  Identity Provider Issuer  urn:acme.us.auth0.com\n" in out.getvalue()
    assert f"  Single Sign-on URL\n    {given.sso_url}\n" in out.getvalue()
    assert "X.509 Certificate         the block below" in out.getvalue()
