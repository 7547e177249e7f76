"""A file in; rows of study tables and a report of what was not kept out."""
