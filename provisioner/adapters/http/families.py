"""Which buckets are one: a vendor may count a whole family of them together. Bookkeeping only."""

from __future__ import annotations


class Families:
    """Buckets named `FAMILY: MEMBER` are one until an answer tells a limit apart from that of the family's first.

    What divides them depends on the tenant's subscription, which nothing tells beforehand. One bucket for all is the
    safe belief: who is wrong about it waits a little, who is wrong about the other is refused.
    """

    def __init__(self) -> None:
        self._limits: dict[str, str] = {}

    def gate_of(self, bucket: str) -> str:
        """The name of what the bucket's requests stand in line for: its own, or its family's."""
        family = _family(bucket)
        first = self._limits.get(family)
        return family if self._limits.get(bucket, first) == first else bucket

    def hear(self, bucket: str, limit: str) -> None:
        """Take in how large an answer says that the bucket is; empty where it does not."""
        if limit:
            self._limits.setdefault(_family(bucket), limit)
            self._limits[bucket] = limit


def _family(bucket: str) -> str:
    return bucket.partition(": ")[0]
