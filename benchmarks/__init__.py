"""Benchmarks: the speed of the product as ratios to its bare parts, measured in one run. ``make bench``."""
