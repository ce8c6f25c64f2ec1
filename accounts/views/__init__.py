"""Signing in, the second factor of staff, and the choice of their password."""
