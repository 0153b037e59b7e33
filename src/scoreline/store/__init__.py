"""Store: rows of a workspace in SQLite or PostgreSQL; knows no card and no rule."""
