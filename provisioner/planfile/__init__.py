"""YAML and CSV to a checked plan. A provider adds its own sections in its adapter, and says there what they mean."""
