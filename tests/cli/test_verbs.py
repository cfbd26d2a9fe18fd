"""The verbs as a user and a script meet them: exit codes, what goes to stdout, what is asked."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

REAL = "https://acme.okta.com"


def edit(plan: Path, old: str, new: str) -> None:
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new), encoding="utf-8")


def test_apply_sets_up_and_then_has_nothing_to_do(run: Run) -> None:
    """The first apply shows the diff and the Flex values, the second says that nothing is to do."""
    first = run("apply", "okta.yaml")
    second = run("apply", "okta.yaml")

    assert (first.code, second.code) == (0, 0)
    assert "+ application:Twilio Flex" in first.out
    assert "2 people get an activation e-mail" in first.out
    assert "-----BEGIN CERTIFICATE-----" in first.out
    assert "Nothing to do: 5 unchanged." in second.out


def test_json_is_one_object_on_stdout(run: Run) -> None:
    """Scripts get the diff, the results, the Flex values and the run record in one object, and nothing beside it."""
    ran = run("apply", "okta.yaml", "--format", "json")

    assert {result["status"] for result in ran.json["results"]} == {"done"}
    assert ran.json["outputs"]["audience"] == "urn:flex:JQ0123456789abcdef0123456789abcdef"
    assert Path(ran.json["run"]).is_file()


def test_the_run_record_is_for_this_user_alone(run: Run) -> None:
    """It holds logins; an apply with nothing to do leaves none."""
    first, second = (run("apply", "okta.yaml", "--format", "json") for _ in range(2))

    record = Path(first.json["run"])
    assert [oct(path.stat().st_mode)[-3:] for path in (record, record.parent)] == ["600", "700"]
    assert second.json["run"] is None
    assert list(record.parent.iterdir()) == [record]


def test_diff_has_its_own_exit_code_when_asked(run: Run) -> None:
    """Changes are no failure unless `--exit-code` makes them one."""
    codes = [run("diff", "okta.yaml").code, run("plan", "okta.yaml", "--exit-code").code]
    run("apply", "okta.yaml")

    assert [*codes, run("diff", "okta.yaml", "--exit-code").code] == [0, 2, 0]


def test_diff_and_dry_run_never_write(run: Run) -> None:
    """After both, the tenant is as empty as before."""
    before = run("diff", "okta.yaml", "--format", "json").json

    dry = run("apply", "okta.yaml", "--dry-run", "--format", "json")

    assert dry.json["changes"] == before["changes"]
    assert run("diff", "okta.yaml", "--format", "json").json["digest"] == before["digest"]
    assert not Path(".provisioner/runs").exists()


def test_only_the_reviewed_change_set_is_applied(run: Run, work: Path) -> None:
    """`--expect` takes the digest that a diff printed, and refuses after the plan has changed."""
    digest = run("diff", "okta.yaml", "--format", "json").json["digest"]
    edit(work / "plans/okta.yaml", "roles: [admin]", "roles: [admin, supervisor]")

    refused = run("apply", "okta.yaml", "--expect", digest)

    assert refused.code == 4
    assert "changed since it was reviewed" in refused.err
    assert run("apply", "okta.yaml", "--expect", run("diff", "okta.yaml", "--format", "json").json["digest"]).code == 0


def test_an_apply_of_what_was_reviewed_can_be_run_again(run: Run, work: Path) -> None:
    """A pipeline repeats it after another plan failed: nothing is left to do, which is said, and is no failure."""
    digest = run("diff", "okta.yaml", "--format", "json").json["digest"]
    assert run("apply", "okta.yaml", "--expect", digest).code == 0

    again = run("apply", "okta.yaml", "--expect", digest, "--format", "json")

    assert (again.code, again.json["changes"]) == (0, [])
    assert "the tenant is as the plan says already" in again.err


def test_a_real_tenant_needs_a_yes(run: Run, work: Path) -> None:
    """Without a terminal and without --yes nothing is sent, and the message says what to add."""
    edit(work / "plans/okta.yaml", "org_url: sandbox ", f"org_url: {REAL} ")

    ran = run("apply", "okta.yaml")

    assert ran.code == 64
    assert "add --yes" in ran.err


def test_missing_credentials_are_named(run: Run, work: Path) -> None:
    """Nothing is sent without credentials; the message names the variables."""
    edit(work / "plans/okta.yaml", "org_url: sandbox ", f"org_url: {REAL} ")

    ran = run("diff", "okta.yaml")

    assert ran.code == 1
    assert "OKTA_API_TOKEN" in ran.err


def test_a_role_change_is_one_line_and_one_request(run: Run, work: Path) -> None:
    """The diff shows before and after; applying it leaves nothing to do."""
    run("apply", "okta.yaml")
    edit(work / "plans/okta.yaml", "roles: [agent, supervisor]", "roles: [agent]")

    ran = run("apply", "okta.yaml")

    assert "~ user:bo@acme.example   agent, supervisor  →  agent" in ran.out
    assert "0 to add, 1 to change, 0 to remove" in ran.out
    assert run("diff", "okta.yaml", "--exit-code").code == 0


def test_a_new_connection_says_that_agents_are_locked_out(run: Run, work: Path) -> None:
    """The consequence of a change of a live application is said in words."""
    run("apply", "okta.yaml")
    edit(work / "plans/okta.yaml", "JQ0123456789abcdef0123456789abcdef", "JQ" + "f" * 32)

    ran = run("diff", "okta.yaml")

    assert "FLEX203" in ran.out
    assert "nobody can sign in until Flex has" in ran.out


def test_a_guard_refuses_and_can_be_let_pass(run: Run, work: Path) -> None:
    """The last admin stays unless the guard is named; the diff shows the refusal with the same exit code."""
    run("apply", "okta.yaml")
    edit(work / "plans/okta.yaml", "roles: [admin]", "roles: [agent]")

    refused = run("apply", "okta.yaml")

    assert (refused.code, run("diff", "okta.yaml").code) == (3, 3)
    assert "would lose the role" in refused.out
    assert "Nothing was sent" in refused.err
    assert run("apply", "okta.yaml", "--allow", "min_admins").code == 0


def test_what_no_option_lets_pass_offers_none(run: Run, work: Path) -> None:
    """A member whose login differs in its diacritics alone would be taken for the plan's: nothing is sent."""
    run("apply", "okta.yaml")
    edit(work / "plans" / "okta.yaml", "login: bo@acme", "login: bò@acme")

    ran = run("apply", "okta.yaml", "--allow", "not_ours")

    assert ran.code == 3
    assert ran.err.startswith("Refused: Okta holds bo@acme.example and takes bò@acme.example for the same login")
    assert "--allow" not in ran.err


def test_outputs_come_in_many_forms(run: Run) -> None:
    """The same values for people, shells, files and scripts."""
    run("apply", "okta.yaml")

    forms = {form: run("outputs", "okta.yaml", "--format", form) for form in ("text", "json", "markdown", "env", "pem")}

    issuer = forms["json"].json["issuer"]
    assert all(issuer in forms[form].out for form in ("text", "markdown", "env"))
    assert forms["pem"].out == forms["json"].json["certificate_pem"]
    assert forms["pem"].out.startswith("-----BEGIN CERTIFICATE-----\n")


def test_outputs_of_nothing_say_what_to_do(run: Run) -> None:
    """Before the first apply there is nothing to print."""
    ran = run("outputs", "okta.yaml")

    assert (ran.code, ran.out) == (1, "")
    assert "apply the plan first" in ran.err


def test_several_plans_give_the_worst_code(run: Run, work: Path) -> None:
    """Two plans: one object for both, and the code of the worse one."""
    other = (work / "plans/okta.yaml").read_text(encoding="utf-8").replace("name: acme-okta", "name: other")
    (work / "plans/other.yaml").write_text(
        other.replace("org_url: sandbox ", "org_url: sandbox:other "), encoding="utf-8"
    )
    run("apply", "okta.yaml")

    ran = run("diff", "okta.yaml", "other.yaml", "--exit-code", "--format", "json")

    assert ran.code == 2
    assert [len(plan["changes"]) > 0 for plan in ran.json["plans"]] == [False, True]


def test_one_wrong_plan_does_not_keep_the_others_from_being_told(run: Run, work: Path) -> None:
    """Each is reported under its name, and the worst code counts."""
    (work / "plans/bad.yaml").write_text("version: 1\n")
    plans = ("bad.yaml", "okta.yaml", "nope.yaml")

    diff, validate = run("diff", *plans), run("validate", *plans)

    assert (diff.code, validate.code) == (64, 64)
    assert "5 to add" in diff.out
    assert "plans/okta.yaml: valid" in validate.out
    assert all("plans/bad.yaml:1:1: missing key `type`" in said for said in (validate.out, diff.err))
    assert all("plan file nope.yaml not found" in ran.err for ran in (diff, validate))
    told = run("validate", *plans, "--format", "json").json["plans"]
    assert [plan.get("valid", plan.get("error", {}).get("type")) for plan in told] == [False, True, "usage"]


def test_validate_needs_no_network_and_lists_everything(run: Run, work: Path) -> None:
    """Every problem at once, with line and column and the nearest known key; exit 65."""
    edit(work / "plans/okta.yaml", "label:", "lable:")
    edit(work / "plans/okta.yaml", "roles: [admin]", "roles: [administrator]")

    ran = run("validate", "okta.yaml")

    assert ran.code == 65
    assert "unknown key `lable`" in ran.out
    assert "did you mean `label`?" in ran.out
    assert "unknown role `administrator`" in ran.out
    assert run("validate", "okta.yaml", "--format", "json").json["valid"] is False


@pytest.mark.parametrize("verb", ["diff", "apply", "outputs"])
def test_an_invalid_plan_stops_every_verb(verb: str, run: Run, work: Path) -> None:
    """Exit 65 and the same words, whatever was asked for."""
    edit(work / "plans/okta.yaml", "label:", "lable:")

    ran = run(verb, "okta.yaml")

    assert ran.code == 65
    assert "plans/okta.yaml:" in ran.err


def test_an_unknown_flag_is_an_error(run: Run) -> None:
    """Never ignored."""
    ran = run("apply", "okta.yaml", "--force")

    assert ran.code == 64
    assert "--force" in ran.err


@pytest.mark.parametrize(
    ("verb", "flag"),
    [("validate", "--adopt"), ("validate", "-q"), ("outputs", "--allow=min_admins"), ("apply", "--allow=min_admin")],
)
def test_a_flag_is_only_offered_where_it_means_something(verb: str, flag: str, run: Run) -> None:
    """Elsewhere it is as unknown as any other."""
    ran = run(verb, "okta.yaml", flag)

    assert ran.code == 64
    assert flag.partition("=")[0] in ran.err


def test_a_rehearsal_with_an_expectation_is_refused(run: Run) -> None:
    """It would look as if the digest had been compared."""
    ran = run("apply", "okta.yaml", "--dry-run", "--expect", "0000000000000000")

    assert (ran.code, ran.out) == (64, "")
    assert "--dry-run shows a digest, and --expect refuses all others" in ran.err


def test_an_error_among_several_diffs_says_whose_it_is(run: Run) -> None:
    """In JSON, too: scripts tell plans apart by it."""
    Path("plans/bad.yaml").write_text("version: 1\n", encoding="utf-8")

    ran = run("diff", "okta.yaml", "bad.yaml", "--format", "json")

    assert ran.code == 65
    assert [(each.get("plan"), each.get("path")) for each in ran.json["plans"]] == [
        ("acme-okta", None),
        (None, "bad.yaml"),
    ]


def test_a_line_of_the_env_file_that_cannot_be_read_is_named_once(run: Run) -> None:
    """With its number, and before anything is done with half of a credential."""
    Path(".env").write_text("A=1\n-----BEGIN KEY-----\nB=2\n")

    ran = run("diff", "okta.yaml", "okta.yaml")

    assert (ran.code, ran.out) == (64, "")
    assert ran.err == "Error: .env:2: expected NAME=VALUE\n  a value of several lines stands in quotes\n"


def test_an_unknown_plan_names_those_that_are_there(run: Run) -> None:
    """A plan is looked for as written and in plans/."""
    ran = run("diff", "okat.yaml")

    assert ran.code == 64
    assert "plans/okta.yaml" in ran.err


def test_errors_are_json_too(run: Run, work: Path) -> None:
    """With --format json the error is an object on stdout."""
    edit(work / "plans/okta.yaml", "label:", "lable:")

    error = run("apply", "okta.yaml", "--format", "json").json["error"]

    assert error["type"] == "invalid_plan"
    assert error["problems"][0]["line"] > 0


def test_the_schema_is_the_one_in_the_repository(run: Run) -> None:
    """What editors use is what the program prints."""
    assert "json-schema.org" in run("schema", "okta").json["$schema"]


def test_an_unmarked_application_needs_adopt(run: Run) -> None:
    """An application that somebody made by hand is not touched until it is adopted, and the diff says so."""
    from tests.cli.hands import make_application

    make_application(Path(".provisioner"), "Twilio Flex")

    refused = run("apply", "okta.yaml")
    adopted = run("apply", "okta.yaml", "--adopt")

    assert refused.code == 3
    assert "apply --adopt takes it over" in refused.out
    assert adopted.code == 0
    assert "managed_by" in adopted.out
    assert run("diff", "okta.yaml", "--exit-code").code == 0


def test_what_happens_to_people_is_part_of_what_was_reviewed(run: Run, work: Path) -> None:
    """A plan that deactivates whoever leaves is not the one that was reviewed as taking away a membership."""
    run("apply", "okta.yaml")
    plan = work / "plans/okta.yaml"
    edit(plan, "    - { login: bo@acme.example, first_name: Bo, last_name: Li, roles: [agent, supervisor] }\n", "")
    digest = run("diff", "okta.yaml", "--format", "json").json["digest"]
    edit(plan, "on_removal: unassign", "on_removal: deactivate")

    assert run("apply", "okta.yaml", "--expect", digest).code == 4
