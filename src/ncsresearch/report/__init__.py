"""Executed chapters into files that people read."""
