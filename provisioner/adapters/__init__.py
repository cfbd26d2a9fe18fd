"""The vendors: which provider types there are, and nothing of what they need before one is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.core.adapter import Provider
    from provisioner.planfile.sections import PlanFile

# Each module offers `PROVIDER` and `plan_model()`, and imports next to nothing by itself.
PROVIDERS = {"auth0": "provisioner.adapters.auth0", "okta": "provisioner.adapters.okta"}


def provider(type_: str) -> Provider:
    """The adapter of this type, one of those in `PROVIDERS`."""
    adapter: Provider = _module(type_).PROVIDER
    return adapter


def model_for(type_: str) -> type[PlanFile]:
    """The model of plan files of this type. Raises `planfile.load.UnknownProvider` for any other."""
    if type_ not in PROVIDERS:
        from provisioner.planfile.load import UnknownProvider

        raise UnknownProvider(PROVIDERS)
    model: type[PlanFile] = _module(type_).plan_model()
    return model


def _module(type_: str) -> Any:
    return import_module(PROVIDERS[type_])
