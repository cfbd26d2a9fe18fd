"""The vendors that the sandbox plays; a further one is one more line."""

from provisioner.sandbox.auth0 import PART as AUTH0
from provisioner.sandbox.flex import PART as FLEX
from provisioner.sandbox.okta import PART as OKTA
from provisioner.sandbox.world import Part

PARTS: tuple[Part, ...] = (OKTA, AUTH0, FLEX)
