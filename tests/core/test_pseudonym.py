"""People in reports."""

import pytest

from provisioner.core.pseudonym import in_text, of_address, of_json, of_value, pseudonym

ANA = pseudonym("ana@acme.example")


def test_it_is_the_same_for_the_same_person() -> None:
    """Whatever the case; twelve hexadecimal digits of the SHA-256."""
    assert pseudonym("Ana@ACME.example") == ANA == "sha256-bb03ba1becc0"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("ana@acme.example is suspended.", f"{ANA} is suspended."),
        ("write to <ana@acme.example>.", f"write to <{ANA}>."),
        ("user:ana@acme.example, user:bo not found", f"user:{ANA}, user:{pseudonym('bo')} not found"),
        ("user:*.roles", "user:*.roles"),
        (f"user:{ANA}.roles", f"user:{ANA}.roles"),
        ("nobody at all: `@` and a@ stay", "nobody at all: `@` and a@ stay"),
    ],
)
def test_nobody_is_named_in_a_text(text: str, hidden: str) -> None:
    """E-mail addresses and addresses of people are found wherever they stand."""
    assert in_text(text) == hidden


def test_a_login_that_is_no_address_is_found_by_its_resource() -> None:
    """As a whole word: nothing else in the sentence changes."""
    assert in_text("ana manages bananas", "user:ana") == f"{pseudonym('ana')} manages bananas"


def test_things_keep_their_addresses() -> None:
    """Only kinds that are about a person are hidden as a whole."""
    assert of_address("user:ana") == f"user:{pseudonym('ana')}"
    assert of_address("application:Twilio Flex") == "application:Twilio Flex"
    assert of_address("account_elsewhere:ana@acme.example in google") == f"account_elsewhere:{ANA} in google"


def test_values_of_people_are_hidden_but_for_roles_and_states() -> None:
    """Also inside of lists, and whatever else stands where roles do; on things only the addresses in a value are."""
    roles = {"admin", "agent"}

    assert of_value("user:ana", "first_name", "Ana", roles) == pseudonym("Ana")
    assert of_value("user:ana", "profile.teams", ("north", 3), roles) == (pseudonym("north"), 3)
    assert of_value("user:ana", "profile.rank", "agent", roles) == pseudonym("agent")
    assert of_value("user:ana", "roles", (" Admin", "of Bo Li"), roles) == (" Admin", pseudonym("of Bo Li"))
    assert of_value("membership:ana", "group", "Flex Agents", roles) == "Flex Agents"
    assert of_value("application:x", "label", "of ana@acme.example", roles) == f"of {ANA}"


def test_json_is_hidden_to_its_depth() -> None:
    """Errors of a vendor may quote anything. A file stays what it is called, or nobody would find it."""
    error = {"error": [{"text": "p/bo@acme.yaml is about ana@acme.example", "n": 1}]}

    assert of_json("ana@acme.example", "a") == of_json("ana@acme.example", "") == ANA
    assert of_json(error, "p/bo@acme.yaml") == {"error": [{"text": f"p/bo@acme.yaml is about {ANA}", "n": 1}]}
