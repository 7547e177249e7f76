"""Studies and the files of other tools: import, export, withdrawal, and a new study."""
