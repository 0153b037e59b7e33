"""The table of points: file, model, checks, diff."""
