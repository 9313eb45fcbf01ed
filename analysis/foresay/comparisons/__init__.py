"""Comparisons: paired contrasts between groups of trials."""
