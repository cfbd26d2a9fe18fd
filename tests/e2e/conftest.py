"""The working folder that the tests of the program in this process have, too."""

from tests.cli.conftest import work

__all__ = ["work"]
