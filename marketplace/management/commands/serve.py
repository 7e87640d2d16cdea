"""Migrates the database, and serves a city of its own until Ctrl-C; an empty one is set up in the browser."""

from marketplace.management.commands import run


class Command(run.Command):
    help = "Starts a city: the web process and the worker; HOST, PORT and DATABASE_URL are honoured."
    called, demonstration = "make serve", False
