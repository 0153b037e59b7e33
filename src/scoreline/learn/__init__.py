"""From records and outcomes to a scorecard that a person can read, edit and defend."""
