"""Figures in, SVG and HTML out; knows nothing of cards and scores."""
