"""Where a plan file speaks of a resource."""

from __future__ import annotations

import pytest

from provisioner.planfile.lines import line_of

PLAN = """\
# Twilio Flex
application:
  label: Twilio Flex
  attribute_statements:
    roles: { format: basic, value: user.userType }
users:
  items:
    - { login: ana@acme.example, roles: [admin] }
    - login: bo@acme.example
      roles: [agent]
""".splitlines()


@pytest.mark.parametrize(
    ("address", "fields", "line"),
    [
        ("application:Twilio Flex", (), 3),
        ("application:Twilio Flex", ("label",), 3),
        ("application:Twilio Flex", ("attribute_statements.roles",), 5),
        ("application:Twilio Flex", ("label", "attribute_statements.roles"), 3),
        ("application:Twilio Flex", ("login",), 3),
        ("user:ana@acme.example", ("roles",), 8),
        ("user:bo@acme.example", ("roles",), 10),
        ("membership:bo@acme.example", (), 9),
        ("user:cy@acme.example", (), 0),
        ("binding:", (), 0),
    ],
)
def test_a_resource_is_found_by_its_key_and_its_single_field(address: str, fields: tuple[str, ...], line: int) -> None:
    """In its own section, and never in a comment; 0 says that it stands elsewhere, as people of a CSV file do."""
    assert line_of(PLAN, address, fields) == line
