"""Files that `scoreline init` puts into a new folder."""
