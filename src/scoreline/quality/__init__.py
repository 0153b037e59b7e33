"""The boundary: raw rows in, typed records, facts and findings out."""
