"""Benchmarks against the libraries people would use instead: `python -m tests.bench`, or `make bench`."""
