"""The ways to learn a table of points."""
