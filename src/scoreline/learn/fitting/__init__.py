"""From coded records to points: a penalised fit, few bins of it, and whole numbers."""
