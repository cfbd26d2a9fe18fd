"""What a bad response of the battery is, and the list that they all stand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from tests.saml.idp import Idp, Login, Maker, assertion, find, signed_response, xml

UNREADABLE = "70252"
REFUSED = "70004"
INCOMPLETE = "45050"
BAD_VALUE = "45004"
BAD_FORMAT = "400"


@dataclass(frozen=True)
class Bad:
    """A bad response: how it is made, and the code that Flex shows for it."""

    make: Maker
    code: str


BAD: dict[str, Bad] = {}


def bad(code: str) -> Callable[[Maker], Maker]:
    """Take a maker up into the battery."""

    def keep(make: Maker) -> Maker:
        BAD[make.__name__] = Bad(make, code)
        return make

    return keep


def changed(login: Login, idp: Idp, change: Callable[[etree._Element], object]) -> bytes:
    """A response that is signed after its assertion was changed."""
    element = assertion(login)
    change(element)
    return xml(signed_response(login, idp, element))


def remove(root: etree._Element, path: str) -> None:
    element = find(root, path)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
