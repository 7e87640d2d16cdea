"""Lifecycles: the tables of states and transitions, and the actions made from them."""
