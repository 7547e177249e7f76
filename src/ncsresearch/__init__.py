"""Evidence of social research as chapters and tables by area type, client group and theme."""
