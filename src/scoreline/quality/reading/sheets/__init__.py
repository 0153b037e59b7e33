"""Workbooks, new and old: one sheet as a table of text."""
