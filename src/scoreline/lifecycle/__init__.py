"""Lifecycle: a score kept true: registering, re-scoring, versions, moves, deliveries, merging."""
