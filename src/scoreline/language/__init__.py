"""Condition text -> checked tree -> Python, SQL; names and types of fields and facts."""
