"""csv, tsv and txt files: cells between separators."""
