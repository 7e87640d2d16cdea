"""All models of the catalog, for Django and for importers."""

from catalog.comments.models import Comment
from catalog.comparisons.models import Pair
from catalog.editions.models import Edition, EditionEffect, Term
from catalog.items.models import Heading, Item
from catalog.offers.models import Offer, OfferDocument
from catalog.sheets.models import Import

__all__ = [
    "Comment",
    "Edition",
    "EditionEffect",
    "Heading",
    "Import",
    "Item",
    "Offer",
    "OfferDocument",
    "Pair",
    "Term",
]
