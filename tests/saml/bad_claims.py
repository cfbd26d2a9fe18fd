"""Signed responses that say too little about the person, or say it in a way that Flex does not read."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from lxml import etree

from tests.saml.battery import BAD_FORMAT, BAD_VALUE, INCOMPLETE, REFUSED, bad, changed, remove
from tests.saml.idp import ATTRIBUTES, Idp, Login, find, good


@bad(REFUSED)
def no_name_id(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: remove(each, "saml:Subject/saml:NameID"))


@bad(REFUSED)
def empty_name_id(login: Login, idp: Idp) -> bytes:
    return good(replace(login, name_id=""), idp)


@bad(BAD_VALUE)
def name_id_too_long(login: Login, idp: Idp) -> bytes:
    return good(replace(login, name_id="a" * 257), idp)


@bad(REFUSED)
def attribute_named_twice(login: Login, idp: Idp) -> bytes:
    """Different readers take a different one."""

    def again(each: etree._Element) -> None:
        twin = deepcopy(find(each, "saml:AttributeStatement/saml:Attribute[@Name='roles']"))
        find(twin, "saml:AttributeValue").text = "admin"
        find(each, "saml:AttributeStatement").append(twin)

    return changed(login, idp, again)


@bad(INCOMPLETE)
def no_attributes(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: remove(each, "saml:AttributeStatement"))


@bad(INCOMPLETE)
def no_roles(login: Login, idp: Idp) -> bytes:
    return _without(login, idp, "roles")


@bad(INCOMPLETE)
def no_email(login: Login, idp: Idp) -> bytes:
    return _without(login, idp, "email")


@bad(INCOMPLETE)
def no_full_name(login: Login, idp: Idp) -> bytes:
    return _without(login, idp, "full_name")


@bad(INCOMPLETE)
def empty_roles(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, roles="")


@bad(INCOMPLETE)
def empty_email(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, email="")


@bad(INCOMPLETE)
def role_in_capitals(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, roles="Agent")


@bad(INCOMPLETE)
def unknown_role(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, roles="administrator")


@bad(INCOMPLETE)
def insights_role_alone(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, roles="wfo.full_access")


@bad(INCOMPLETE)
def padded_roles(login: Login, idp: Idp) -> bytes:
    """A line break around the value belongs to the value."""
    return _with(login, idp, roles="\n  agent  \n")


@bad(INCOMPLETE)
def claims_in_capitals(login: Login, idp: Idp) -> bytes:
    return _renamed(login, idp, str.title)


@bad(INCOMPLETE)
def claims_in_a_namespace(login: Login, idp: Idp) -> bytes:
    return _renamed(login, idp, "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/{}".format)


@bad(BAD_FORMAT)
def text_as_number(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, **{"level.int": "high"})


@bad(BAD_FORMAT)
def text_as_truth(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, **{"senior.boolean": "yes"})


@bad(BAD_FORMAT)
def text_in_a_list_of_numbers(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, **{"levels.intarray": "1,2,three"})


@bad(BAD_FORMAT)
def unknown_type(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, **{"level.float": "1.5"})


@bad(BAD_FORMAT)
def type_in_capitals(login: Login, idp: Idp) -> bytes:
    return _with(login, idp, **{"skills.StringArray": "chat"})


def _with(login: Login, idp: Idp, **attributes: str) -> bytes:
    more = {name: [value] for name, value in attributes.items()}
    return good(replace(login, attributes={**ATTRIBUTES, **more}), idp)


def _without(login: Login, idp: Idp, name: str) -> bytes:
    return good(replace(login, attributes={k: v for k, v in ATTRIBUTES.items() if k != name}), idp)


def _renamed(login: Login, idp: Idp, rename: Callable[[str], str]) -> bytes:
    return good(replace(login, attributes={rename(name): values for name, values in ATTRIBUTES.items()}), idp)
