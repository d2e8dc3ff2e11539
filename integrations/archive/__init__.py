"""A runner's own files: Strava's export in the languages it comes in, saved pages of the API, and a plain table."""

from integrations.archive.histories import read_histories
from integrations.archive.model import History, Problem

__all__ = ["History", "Problem", "read_histories"]
