"""`learn`: a card from records and outcomes, and figures of what it is worth."""
