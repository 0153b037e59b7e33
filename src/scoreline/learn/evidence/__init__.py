"""What the points of a card that is there already are worth, criterion by criterion."""
