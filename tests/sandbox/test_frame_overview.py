"""How the page at `/` words a part's state."""

from typing import Any

from provisioner.sandbox.overview import Line, line, names_by_id, tables

STATE: dict[str, Any] = {
    "users": [
        {
            "id": "00u1",
            "status": "ACTIVE",
            "created": "2026-01-01T00:00:00.000Z",
            "profile": {"login": "ana@acme.example", "userType": "agent", "skills": ["chat", "voice"]},
            "_links": {"self": {"href": "x"}},
        }
    ],
    "apps": [{"id": "0oa1", "label": "Twilio Flex", "status": "ACTIVE"}],
    "appUsers": [{"app": "0oa1", "user": "00u1", "scope": "GROUP", "profile": {"email": "ana@acme.example"}}],
    "version": 3,
}


def test_every_list_is_a_table_with_a_readable_title() -> None:
    """What is no list of documents has no table."""
    assert list(tables(STATE)) == ["Users", "Apps", "App users"]


def test_a_person_is_called_by_login_and_shown_with_roles() -> None:
    """Times, links and nested values are left to the JSON."""
    assert line(STATE["users"][0], names_by_id(STATE)) == Line(
        "ana@acme.example", "ACTIVE", "id: 00u1, userType: agent, skills: chat voice"
    )


def test_an_assignment_is_called_by_what_it_joins() -> None:
    """Ids of other documents appear as their names."""
    assert line(STATE["appUsers"][0], names_by_id(STATE)) == Line("Twilio Flex → ana@acme.example", "", "scope: GROUP")
