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


class BadRequest(Exception):
    """What came cannot be read as the SAML message it should be; the words say why."""


def parse(document: bytes) -> etree._Element:
    """Give the root of a document from outside: no DTD, no entities, nothing fetched. Raises BadRequest."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadRequest("The SAML message is not well-formed XML.") from error
    if etree.ElementTree(root).docinfo.internalDTD is not None:
        raise BadRequest("The SAML message has a document type declaration.")
    return root
