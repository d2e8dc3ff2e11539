"""`make chaos`: many runs of many athletes through a Strava that fails, with a service that is killed in between."""
