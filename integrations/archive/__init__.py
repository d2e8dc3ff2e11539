"""A runner's own files: Strava's export in its languages, recordings (FIT, GPX, TCX), saved pages, a plain table."""

from integrations.archive.believed import stable_id
from integrations.archive.histories import read_histories
from integrations.archive.model import FoundRun, History, Item, Problem, Progress, Source, in_zone
from integrations.archive.recording import read_recording
from integrations.archive.runs import read_runs

__all__ = [
    "FoundRun",
    "History",
    "Item",
    "Problem",
    "Progress",
    "Source",
    "in_zone",
    "read_histories",
    "read_recording",
    "read_runs",
    "stable_id",
]
