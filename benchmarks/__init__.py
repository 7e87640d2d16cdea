"""Speed as ratios to the bare parts, measured in one run. ``make bench``."""
