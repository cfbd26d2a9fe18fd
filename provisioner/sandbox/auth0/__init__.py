"""The Auth0 half of the sandbox, written from recordings and the vendor's documents; it knows no client."""

from provisioner.sandbox.auth0.part import Auth0Part

PART = Auth0Part()
