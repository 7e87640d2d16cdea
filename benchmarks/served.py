"""The product's settings with one page more: the floor that its load is compared with."""

from marketplace.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.served_urls"
