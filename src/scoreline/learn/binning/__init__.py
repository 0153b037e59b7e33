"""Cutting a field into bins: pre-bins from its values, then the best of all partitions."""
