"""Scoreline: customer scoring in which every score is a table of points."""
