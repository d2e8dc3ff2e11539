"""Readers of a runner's own files."""
