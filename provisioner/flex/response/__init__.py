"""A SAML response that somebody captured: found in the file, read safely, held against the Flex values. Pure."""
