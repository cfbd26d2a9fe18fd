"""A figure and the bound that it must keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement; the bound is the most that it may be, or the least where `at_least` says so."""

    name: str
    measured: float
    bound: float
    unit: str = ""
    at_least: bool = False

    @property
    def ok(self) -> bool:
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The cells of a table: figure, measured, bound, ok."""
        sign = "≥" if self.at_least else "≤"
        return self.name, self._said(self.measured), f"{sign} {self._said(self.bound)}", "yes" if self.ok else "NO"

    def _said(self, value: float) -> str:
        number = f"{value:,.0f}" if float(value).is_integer() or value >= 100 else f"{value:.2f}"
        return f"{number} {self.unit}".strip()
