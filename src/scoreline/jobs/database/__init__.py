"""Typed records and scores kept in tables of PostgreSQL."""
