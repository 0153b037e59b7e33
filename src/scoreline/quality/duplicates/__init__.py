"""Records that are one customer: comparisons, a table of points learnt from the base, clusters."""
