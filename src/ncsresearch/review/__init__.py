"""What readers of a report write about its findings, and where that is kept."""
