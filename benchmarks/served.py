"""The product's settings with one page more: the floor that its load is compared with."""

from marketplace.settings import *  # noqa: F403  settings are those of the product, changed below

ROOT_URLCONF = "benchmarks.served_urls"
