"""What acts on evaluations take: a form for the page and for the API."""

from evaluations.inputs import exit, following, judging, round, scheme

__all__ = ["exit", "following", "judging", "round", "scheme"]
