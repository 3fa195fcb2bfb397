"""Pure functions from values to values: what should happen, never making it happen."""
