"""Addresses of the pages about bids."""

from django.urls import path

from foundation.ui.routing import urls_of
from procurement.bids import views
from procurement.bids.states import BID

urlpatterns = [
    path("projects/<str:number>/bid/", views.SealBid.as_view(), name="bid-for"),
    path("bids/<int:pk>/", views.ShowBid.as_view(), name="bid"),
    path("bids/<int:pk>/files/<int:paper>/", views.ShowBidFile.as_view(), name="bid-file"),
    *urls_of(BID, "bids", "bid", without=("seal",)),
]
