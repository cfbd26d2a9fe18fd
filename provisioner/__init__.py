"""Declarative SAML single sign-on for Twilio Flex."""

