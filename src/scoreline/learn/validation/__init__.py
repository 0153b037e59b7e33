"""What a table is worth on records that it has not seen, and which fields are not to be trusted."""
