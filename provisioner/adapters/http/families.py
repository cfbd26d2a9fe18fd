"""Which buckets are one: a vendor may count a whole family of them together. Bookkeeping only."""

from __future__ import annotations


class Families:
    """Buckets named `FAMILY: MEMBER` are one until answers tell two limits apart; from then on each is its own.

    What divides them depends on the tenant's subscription, which nothing tells beforehand. One bucket for all is the
    safe belief: who is wrong about it waits a little, who is wrong about the other is refused.
    """

    def __init__(self) -> None:
        self._limits: dict[str, str] = {}
        self._divided: set[str] = set()

    def gate_of(self, bucket: str) -> str:
        """The name of what the bucket's requests stand in line for: its own, or its family's."""
        family = _family(bucket)
        return bucket if family in self._divided else family

    def hear(self, bucket: str, limit: str) -> None:
        """Take in how large an answer says that the bucket is; empty where it does not."""
        family = _family(bucket)
        if limit and self._limits.setdefault(family, limit) != limit:
            self._divided.add(family)


def _family(bucket: str) -> str:
    return bucket.partition(": ")[0]
