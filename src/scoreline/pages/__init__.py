"""Figures in, SVG and HTML out; knows nothing of cards and scores.

`figures` holds the frozen records to fill, `render` turns them into one self-contained page.
"""
