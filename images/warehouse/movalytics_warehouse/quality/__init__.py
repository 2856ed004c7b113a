"""The checks: what is judged, and what a red one says."""
