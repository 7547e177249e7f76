"""The explorer: a selection of a study's evidence, what it shows, and the line of code that shows it in a chapter."""
