"""What changed between two runs, who signed, and what readers wrote."""
