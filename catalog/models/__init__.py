"""Editions of the catalog, their items, comments, and providers' offers."""

from catalog.models.comment import Comment
from catalog.models.edition import Edition, Term
from catalog.models.importing import Import
from catalog.models.item import Heading, Item
from catalog.models.offer import Offer, OfferPaper
from catalog.models.pair import Pair

__all__ = ["Comment", "Edition", "Heading", "Import", "Item", "Offer", "OfferPaper", "Pair", "Term"]
