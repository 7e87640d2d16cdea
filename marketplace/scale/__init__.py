"""A city's worth of invented data: plausible, the same for the same seed, and fast.

``planning`` draws what happens; ``city``, ``supply`` and ``people`` say it table by table; ``copying`` streams
it into PostgreSQL. It is for benches and for looking at large lists, never a test of
the verbs: it writes the end of each life with its journal and clocks, past the
triggers that hold in daily work, and so it wants a superuser of the database.
"""
