"""A SAML response as Flex takes it in: without tricks of XML, with one assertion in its place."""

import base64

from lxml import etree

from provisioner.sandbox.flex.refusal import NOT_VALID, UNREADABLE, RefusedError
from provisioner.sandbox.saml.names import ASSERTION, PROTOCOL, SIGNATURE, BadRequest, parse

_SAID = 500
"""Characters of an identity provider's reason that are repeated."""
_NAMES = {"samlp": PROTOCOL, "saml": ASSERTION, "ds": SIGNATURE}


class Document:
    """A response and the one assertion in it; nothing of it is believed yet."""

    def __init__(self, root: etree._Element, assertion: etree._Element) -> None:
        self.root, self.assertion = root, assertion

    def response(self, path: str) -> list[etree._Element]:
        """The elements at an XPath from the response, with the prefixes samlp, saml and ds."""
        return elements(self.root, path)

    def within(self, path: str) -> list[etree._Element]:
        """The elements at an XPath from the assertion."""
        return elements(self.assertion, path)


def elements(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at an XPath."""
    found = root.xpath(path, namespaces=_NAMES)
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []


def text(element: etree._Element) -> str:
    """The whole text of an element that holds nothing else."""
    return element.text or ""


def read(value: str) -> Document:
    """Give the form field `SAMLResponse` as a document. Raises RefusedError."""
    try:
        root = parse(base64.b64decode("".join(value.split()), validate=True))
    except ValueError as error:
        raise RefusedError(UNREADABLE, "The form field SAMLResponse is not base64.") from error
    except BadRequest as error:
        raise RefusedError(UNREADABLE, str(error)) from error
    if root.tag != f"{{{PROTOCOL}}}Response":
        raise RefusedError(UNREADABLE, f"A samlp:Response is expected, not {root.tag}.")
    _check_success(root)
    _check_nothing_hidden(root)
    return Document(root, _only_assertion(root))


def _check_success(root: etree._Element) -> None:
    """Say the identity provider's reason, too: python3-saml has it in its own words."""
    codes = [str(each.get("Value")).rpartition(":")[2] for each in elements(root, "samlp:Status//samlp:StatusCode")]
    if codes[:1] != ["Success"]:
        said = [text(each)[:_SAID] for each in elements(root, "samlp:Status/samlp:StatusMessage") if text(each)]
        told = f"The status code of the Response was not Success, was {' -> '.join([*codes, *said]) or 'missing'}"
        why = said[0] if said else "it gave no reason"
        raise RefusedError(NOT_VALID, f"The identity provider refused ({', '.join(codes)}): {why}", told)


def _check_nothing_hidden(root: etree._Element) -> None:
    """No comments, which signatures do not cover and on which careless readers cut texts; no id twice."""
    if any(not isinstance(each.tag, str) for each in root.iter()):
        raise RefusedError(NOT_VALID, "The response holds a comment or a processing instruction.")
    ids = [each.get(name) for each in root.iter() for name in ("ID", "Id", "id") if each.get(name)]
    if len(ids) != len(set(ids)):
        raise RefusedError(NOT_VALID, "Two elements of the response have the same ID.")


def _only_assertion(root: etree._Element) -> etree._Element:
    if elements(root, "//*[local-name() = 'EncryptedAssertion']"):
        raise RefusedError(NOT_VALID, "The assertion is encrypted, which Flex does not support.")
    everywhere = elements(root, "//*[local-name() = 'Assertion']")
    in_place = elements(root, "saml:Assertion")
    if len(everywhere) != 1 or len(in_place) != 1:
        found = f"{len(everywhere)} assertions, {len(in_place)} of them where it belongs"
        raise RefusedError(
            NOT_VALID,
            f"One assertion is expected, right below the response; there are {found}.",
            "SAML Response must contain 1 assertion",
        )
    return in_place[0]
