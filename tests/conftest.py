"""Settings of the whole suite."""

from hypothesis import HealthCheck, settings

# The same examples in every run, and no verdict on how fast a busy machine is.
settings.register_profile("suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
