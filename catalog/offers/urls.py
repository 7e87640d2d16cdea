"""Addresses of the pages about offers."""

from django.urls import path

from catalog.offers import views as offers_views
from catalog.offers.states import OFFER
from foundation.ui.routing import urls_of

urlpatterns = [
    path("offers/", offers_views.Offers.as_view(), name="offers"),
    path("offers/<int:pk>/", offers_views.ShowOffer.as_view(), name="offer"),
    path("offers/<int:pk>/places/", offers_views.OneTap.as_view(), name="offer-one-tap"),
    path("offers/<int:pk>/papers/<int:paper>/", offers_views.OpenPaper.as_view(), name="offer-paper"),
    *urls_of(OFFER, "offers", "offer"),
]
