"""Names of SAML 2.0 and XML Signature, and how XML from outside is parsed."""

from lxml import etree

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

MOST = 10_000
"""Elements of a message, and attributes with declarations of namespaces; a login has a hundred or two."""
MOST_OF_ONE = 100
"""Attributes and declarations of one element: libraries that check signatures take the square of their time."""


class BadRequest(Exception):
    """What came cannot be read as the SAML message it should be; the words say why."""


def parse(document: bytes) -> etree._Element:
    """Give the root of a document from outside: no DTD, no entities, nothing fetched, nothing beyond the limits.

    Raises BadRequest.
    """
    parser = etree.XMLPullParser(
        ("start", "start-ns"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        parser.feed(document)
        root: etree._Element = parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadRequest("The SAML message is not well-formed XML.") from error
    if etree.ElementTree(root).docinfo.internalDTD is not None:
        raise BadRequest("The SAML message has a document type declaration.")
    _check_size(parser)
    return root


def _check_size(parser: etree.XMLPullParser) -> None:
    """Count what was read; the declarations of an element come before it."""
    elements = named = declared = 0
    for _, what in parser.read_events():
        if not isinstance(what, etree._Element):
            declared += 1
            continue
        of_one, declared = declared + len(what.attrib), 0
        elements, named = elements + 1, named + of_one
        if of_one > MOST_OF_ONE or max(elements, named) > MOST:
            raise BadRequest(
                f"The SAML message is too large: more than {MOST:,} elements, {MOST:,} attributes or declarations of "
                f"namespaces, or {MOST_OF_ONE} of those on one element."
            )
