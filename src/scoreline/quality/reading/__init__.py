"""Files and frames in, tables of raw text out."""
