"""Flex as the sandbox plays it: the service provider of the login, which knows only what was pasted into its form."""

from provisioner.sandbox.flex.part import PART

__all__ = ["PART"]
