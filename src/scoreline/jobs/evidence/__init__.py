"""`evidence`: the points of a hand-made card, weighed against what happened."""
