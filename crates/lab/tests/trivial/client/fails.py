"""Fails at once."""
raise SystemExit("I do not connect today")
