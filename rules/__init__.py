"""The pure core: values in, values out. Standard library only; no clock, no logging, no network."""
