"""What acts on purchases take: a form for the page and for the API."""

from procurement.inputs import bid, panel, project, talk

__all__ = ["bid", "panel", "project", "talk"]
