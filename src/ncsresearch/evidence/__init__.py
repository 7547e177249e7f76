"""The evidence of a study in two frames, of people and of passages, and the one function that counts people."""
