"""Declarative SAML single sign-on for Twilio Flex."""

# A literal: importlib.metadata costs more time at start than all of `--help`.
__version__ = "0.1.0"
