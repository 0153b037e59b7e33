"""Tables of any size on one machine: Polars makes words of bits, a decoder the results."""
