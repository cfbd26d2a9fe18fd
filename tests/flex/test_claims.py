import pytest

from provisioner.flex import claims, roles


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("roles", None),
        ("full_name", None),
        ("image_url", None),
        ("favourite_colour", None),
        ("skills.stringarray", None),
        ("Full Name", "full_name"),
        ("FullName", "full_name"),
        ("full-name", "full_name"),
        ("Email", "email"),
        ("mail", "email"),
        ("flex_role", "roles"),
        ("Flex role", "roles"),
        ("Roles", "roles"),
        ("imageUrl", "image_url"),
        ("Department", "department"),
    ],
)
def test_a_wrong_name_of_a_claim_is_recognised(name: str, meant: str | None) -> None:
    """Names are case sensitive to Flex; claims of one's own are welcome."""
    assert claims.meant(name) == meant


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "emailaddress"),
        ("urn:oid:email", "email"),
    ],
)
def test_a_namespaced_name_is_recognised(name: str, bare: str) -> None:
    """Flex does not map such a claim (guide "SSO configuration", troubleshooting)."""
    assert claims.is_namespaced(name)
    assert claims.bare(name) == bare


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("level.int", None),
        ("skills.stringarray", None),
        ("channel.voice.availability", None),
        ("level", None),
        ("company.division", None),
        ("level.Int", "int"),
        ("level.integer", "int"),
        ("on_call.bool", "boolean"),
        ("skills.string_array", "stringarray"),
    ],
)
def test_a_wrong_type_of_a_claim_is_recognised(name: str, meant: str | None) -> None:
    """A suffix that is nearly a type is a mistake; one that is far from all is part of a name."""
    assert claims.type_meant(name) == meant


@pytest.mark.parametrize(
    ("role", "meant"),
    [
        ("Admin", "admin"),
        ("administrator", "admin"),
        ("agents", "agent"),
        (" agent", "agent"),
        ("superviser", "supervisor"),
        ("wfo.teamleader", "wfo.team_leader"),
        ("janitor", None),
    ],
)
def test_an_unknown_role_is_taken_for_the_nearest(role: str, meant: str | None) -> None:
    """Flex ignores a role that it does not know, so a near miss is worth a word."""
    assert role not in roles.ROLES
    assert roles.suggestion(role) == meant


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("http://schemas.example/claims/emailaddress", "name it `email`"),
        ("urn:oid:level.int", "name it `level.int`"),
        ("x<script>alert(1)</script>", "give it a name of letters"),
    ],
)
def test_a_namespaced_claim_is_renamed_to_something_that_is_a_name(name: str, advice: str) -> None:
    """Its last part, unless that is no name."""
    assert claims.renamed(name) == advice
