"""What acts on purchases take: a form for the page and for the API."""

from procurement.inputs import bid, panel, project, second, talk

__all__ = ["bid", "panel", "project", "second", "talk"]
