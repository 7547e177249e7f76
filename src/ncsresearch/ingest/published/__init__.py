"""Readers of the published documents, one for each kind, and the rebuilding of a study's tables from them."""
