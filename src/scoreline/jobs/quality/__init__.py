"""Check a base, clean it, and what that does to scores."""
