"""The Okta half of the sandbox, written from recordings and the vendor's documents; it knows no client."""

from provisioner.sandbox.okta.part import OktaPart

PART = OktaPart()
