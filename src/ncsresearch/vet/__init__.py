"""What an outsider would find in the outputs of a run: an independent check that shares no code with the making."""
