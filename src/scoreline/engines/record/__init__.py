"""One typed record in process, by a function generated for the card."""
