"""Fails at once."""
raise SystemExit("I do not serve today")
