"""Changes of a base as a log: what was changed, by which rule, and how it is taken back."""
