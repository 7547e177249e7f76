"""Every chapter for the study, and the area report for every area."""
