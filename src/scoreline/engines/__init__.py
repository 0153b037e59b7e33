"""Typed records or tables and a card in, scores and masks out."""
