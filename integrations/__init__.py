"""Adapters to other people's machines. They know the types of `rules` and nothing of `service`."""
