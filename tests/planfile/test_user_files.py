"""People in a CSV file: what is taken, what is refused, and that it comes to the same as inline."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.text import control_in
from provisioner.flex.roles import ROLES
from provisioner.planfile.people import Person, read_users
from tests.planfile.conftest import GOOD, Load, Refuse, changed

FROM_CSV = (
    GOOD.partition("  items:")[0].replace("inline   ", "csv      ").replace("# path: users/acme.csv", "path: users.csv")
)
COLUMNS = OktaPlan.columns

BAD = [
    ("", "1:1: the file is empty (the first row names the columns: login,email,first_name,last_name,roles)"),
    ("\n\n", "1:1: the file is empty"),
    ("login,email\n", "1:1: no column `roles`"),
    ("Login,roles\n", "1:1: unknown column `Login` (did you mean `login`?)"),
    ("login,roles,nickname\n", "1:1: unknown column `nickname` ("),
    (
        "login,roles,shoe\n",
        "1:1: unknown column `shoe` (known: login, email, first_name, last_name, roles, profile.NAME)",
    ),
    ("login,roles,profile.\n", "1:1: unknown column `profile.` (known:"),
    ("login,roles,login\n", "1:1: the column `login` stands 2 times"),
    ("login;roles\nana@x.org;agent\n", "1:1: cells are separated by semicolons (save it with commas)"),
    ("login,roles\nana@x.org,agnt\n", "2:1: row 2: unknown role `agnt` (did you mean `agent`?)"),
    ("login,roles\nana@x.org,agent admin\n", "2:1: row 2: unknown role `agent admin` (did you mean `agent`?)"),
    ("login,roles\nana@x.org,\n", "2:1: row 2: no roles"),
    ('login,roles\nana@x.org," , ;"\n', "2:1: row 2: no roles"),
    ("login,roles\n,agent\n", "2:1: row 2: no login"),
    ("login,roles\nana@x.org\n", "2:1: row 2: 1 cells, and the header has 2"),
    ("login,roles\nana@x.org,agent,admin\n", "2:1: row 2: 3 cells, and the header has 2"),
    ("login,roles\nana@x.org,agent\n\nANA@x.org,admin\n", "4:1: row 4: `ANA@x.org` stands in row 2 already"),
    ("login,roles\nana@x.org,agnt\nana@x.org,agent\n", "3:1: row 3: `ana@x.org` stands in row 2 already"),
    ('login,roles\n"ana"x,agent\n', "2:1: row 2: not CSV: ',' expected after '\"'"),
    ('login,roles\nana@x.org,"agent\n', "2:1: row 2: not CSV: unexpected end of data"),
    ('login,roles,profile.note\nana@x.org,agent,"two\nlines"\nbo@x.org,agnt,\n', "4:1: row 3: unknown role `agnt`"),
    ("login,roles,last_name\nana@x.org,agent,\x1b[2K+\n", r"2:1: row 2: the control character \x1b in the column last"),
    ('login,roles\n"ana\n@x.org",agent\n', r"2:1: row 2: the control character \n in the column login is not allowed"),
    ("login,roles,profile.a\x1b\n", r"1:1: the control character \x1b in a column's name is not allowed"),
    (f"login,roles,{'x' * 200}\n", f"1:1: unknown column `{'x' * 60}…`"),
    (
        f'login,roles\n"{"x" * 140_000}',
        "2:1: row 2: a cell of more than 131,072 characters (is a quote opened and never closed?)",
    ),
    ("login,roles\nan\xe9@x.org,agent\n".encode("latin1"), "2:3: the file is not UTF-8: byte 0xe9 (save it as UTF-8)"),
]


@pytest.mark.parametrize(("users", "said"), BAD, ids=[said[:50] for _, said in BAD])
def test_a_bad_row_is_named_by_its_number(refuse: Refuse, users: str | bytes, said: str) -> None:
    """Rows are counted as a spreadsheet does, the header is row 1; the line is that of the file."""
    shown = [str(problem).partition("users.csv:")[2] for problem in refuse(FROM_CSV, users)]
    assert any(line.startswith(said) for line in shown), "\n".join(shown)


def test_every_bad_row_is_named(refuse: Refuse) -> None:
    """One bad row does not hide the next."""
    assert [problem.line for problem in refuse(FROM_CSV, "login,roles\na@x.org,\n,agent\nc@x.org,x\n")] == [2, 3, 4]


def test_a_missing_user_file_is_named_where_the_plan_names_it(refuse: Refuse) -> None:
    """The place is that of `users.path`, because that is what must be changed."""
    (problem,) = refuse(FROM_CSV)
    assert (problem.line, problem.column) == (27, 9)
    assert "there is no file" in problem.message


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/proc/self/environ", "`/proc/self/environ` is not a .csv file"),
        ("/etc/people.csv", "`/etc/people.csv` is not below the plan file's folder (put the file there)"),
        ("../people.csv", "`../people.csv` is not below the plan file's folder"),
        ("link/people.csv", "`link/people.csv` is not below the plan file's folder"),
        ("a" * 5000 + ".csv", f"`{'a' * 60}…` cannot be the path of a file: File name too long"),
    ],
)
def test_no_other_file_is_read(refuse: Refuse, tmp_path: Path, path: str, said: str) -> None:
    """Messages quote the file, and a plan may come from somebody who must not see this machine's."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "people.csv").write_text("hunter2\n")
    (tmp_path / "link").symlink_to(outside)

    (problem,) = refuse(FROM_CSV.replace("path: users.csv", f"path: {path}"))

    assert (problem.line, problem.column) == (27, 9)
    assert said in str(problem)


@pytest.mark.parametrize(
    "users",
    [
        "login,roles\nana@x.org,agent\n",
        "login,roles\r\nana@x.org,agent\r\n",
        "\ufefflogin,roles\nana@x.org,agent",
        ' login , roles \n\n ana@x.org ,"agent, agent;"\n,\n',
        "roles,login\nagent,ana@x.org\n",
    ],
)
def test_what_spreadsheets_write_is_taken(load_text: Load, users: str) -> None:
    """Byte order marks, CRLF, blank lines, padding, any order of columns, separators left over."""
    (person,) = load_text(FROM_CSV, users).plan.people
    assert (person.identity, person.roles) == ("ana@x.org", ("agent",))


def test_an_empty_cell_is_not_managed(load_text: Load) -> None:
    """So is a further attribute whose cell is empty."""
    users = "login,roles,email,profile.department,profile.city\nana@x.org,agent,,Sales,\n"
    (person,) = load_text(FROM_CSV, users).plan.people
    assert person.attributes == {"profile.department": "Sales"}


def test_inline_and_csv_come_to_the_same(load_text: Load) -> None:
    """A person is a person, wherever it stands; only the line differs."""
    users = (
        "login,first_name,last_name,roles\nana@acme.example,Ana,Diaz,admin\nbo@acme.example,Bo,Li,supervisor;agent\n"
    )
    inline, from_csv = load_text(GOOD).plan.people, load_text(FROM_CSV, users).plan.people
    assert [bare(person) for person in inline] == [bare(person) for person in from_csv]
    assert [person.line for person in inline] == [32, 33]
    assert [person.line for person in from_csv] == [2, 3]


def test_roles_are_sorted_and_each_stands_once(load_text: Load) -> None:
    """The order in the file means nothing to Flex, and must mean nothing to a diff."""
    people = load_text(changed(("[admin]", "[supervisor, admin, supervisor]"))).plan.people
    assert people[0].roles == ("admin", "supervisor")


def bare(person: Person) -> tuple[object, ...]:
    return person.identity, person.roles, person.attributes


NAMES = (*COLUMNS.others, "profile.city")
names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\0"), min_size=1, max_size=12)
cells = names.map(str.strip).filter(lambda cell: cell and not control_in(cell))
people = st.lists(
    st.builds(
        Person,
        identity=cells,
        roles=st.sets(st.sampled_from(sorted(ROLES)), min_size=1).map(lambda roles: tuple(sorted(roles))),
        names=st.just(NAMES),
        values=st.tuples(*[st.none() | cells] * len(NAMES)),
    ),
    max_size=5,
    unique_by=lambda person: person.key,
)


@given(everyone=people)
def test_people_survive_the_way_through_a_file(
    everyone: list[Person], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Commas, quotes, spaces inside, any script: what a CSV writer writes is what is read."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([COLUMNS.identity, *NAMES, "roles"])
    for person in everyone:
        writer.writerow([person.identity, *person.values, ",".join(person.roles)])
    path: Path = tmp_path_factory.mktemp("csv") / "users.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    read, problems = read_users(path, "users.csv", COLUMNS)
    assert problems == []
    assert [bare(person) for person in read] == [bare(person) for person in everyone]
