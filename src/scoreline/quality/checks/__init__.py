"""Checks of whole records and columns: what no single cell can say."""
