"""Editions of the catalog, their items, comments, and providers' offers."""

from catalog.models.edition import Comment, Edition
from catalog.models.item import Item
from catalog.models.offer import Offer

__all__ = ["Comment", "Edition", "Item", "Offer"]
