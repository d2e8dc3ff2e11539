"""The main job against the built-in Strava: told in one go (`--once`), or served for a visitor."""
