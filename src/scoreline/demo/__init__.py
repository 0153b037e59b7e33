"""Bundled files of the demo; README.md beside this file says where they come from."""
