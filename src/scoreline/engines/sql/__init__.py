"""A card as one SELECT over typed columns: for PostgreSQL, Spark, and whoever runs SQL."""
