"""YAML and CSV to a checked plan. A provider adds its own sections in its adapter; what the plan means is said there."""
