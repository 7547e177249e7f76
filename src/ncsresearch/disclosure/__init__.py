"""What may be published of a study: which counts of people are withheld, over all its tables together."""
