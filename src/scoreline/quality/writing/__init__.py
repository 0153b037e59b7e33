"""Tables into files, safe to open in a spreadsheet."""
