"""Figures about scored records: what a score is worth, which channel works."""
