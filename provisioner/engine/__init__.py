"""The one way through: preview, apply, the record of a run. Knows the adapter protocol of `core`, never an adapter."""
