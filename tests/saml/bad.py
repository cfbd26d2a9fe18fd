"""The battery: bad responses by name, each with its maker and the code that Flex shows for it."""

from tests.saml import bad_claims, bad_conditions, bad_documents, bad_wrapping
from tests.saml.battery import BAD, Bad

__all__ = ["BAD", "Bad", "bad_claims", "bad_conditions", "bad_documents", "bad_wrapping"]
