"""Scoring: rows and events of a source, typed and joined, on their way to an engine."""
