"""Both databases: what runs on one runs on the other."""

from tests.databases import database

__all__ = ["database"]
