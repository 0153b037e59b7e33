"""Behaviour: dated events of records, and what they give as of a moment."""
