"""The local Strava, over real HTTP on loopback."""
