"""The checker of `check-response` as the tests call it: one identity provider, one Flex, one moment."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from provisioner.flex.response.capture import find
from provisioner.flex.response.check import Checked, check
from provisioner.flex.response.trusted import Trusted
from tests.saml.idp import ACS, AUDIENCE, ISSUER, idp

ISSUED = 1_800_000_000.0
AT = datetime.fromtimestamp(ISSUED, UTC)
IDP = idp()
TRUSTED = Trusted(IDP.pem, ISSUER, ACS, AUDIENCE)


def checked(document: bytes, trusted: Trusted = TRUSTED) -> Checked:
    """As it would be captured: the base64 of the form field."""
    return check(find(base64.b64encode(document)), trusted, AT, AT)


def errors(found: Checked) -> str:
    """The codes of what keeps somebody out."""
    return " ".join(finding.code for finding in found.findings if finding.severity == "error")
