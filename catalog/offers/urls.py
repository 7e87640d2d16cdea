"""Addresses of the pages about offers."""

from django.urls import path

from catalog.offers import views
from catalog.offers.states import OFFER
from foundation.ui.routing import urls_of

urlpatterns = [
    path("offers/", views.Offers.as_view(), name="offers"),
    path("offers/<int:pk>/", views.ShowOffer.as_view(), name="offer"),
    path("offers/<int:pk>/places/", views.OneTap.as_view(), name="offer-one-tap"),
    path("offers/<int:pk>/papers/<int:paper>/", views.OpenPaper.as_view(), name="offer-paper"),
    *urls_of(OFFER, "offers", "offer"),
]
