"""Polars expressions that accept clean cells in bulk."""
