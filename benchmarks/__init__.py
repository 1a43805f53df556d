"""Benchmarks: `make bench`. See README.md."""
