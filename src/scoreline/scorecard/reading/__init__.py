"""The sections of a card file, each read to its end whatever is wrong in it."""
