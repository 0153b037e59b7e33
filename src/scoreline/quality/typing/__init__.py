"""Raw values in, typed values, facts and findings out: a value and its field alone decide."""
