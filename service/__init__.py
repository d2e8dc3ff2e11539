"""The running program: store, jobs, messages, pages and commands."""
