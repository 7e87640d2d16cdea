from django.urls import path

from catalog.lifecycle import COMMENT, EDITION, OFFER
from catalog.pages import views
from foundation.pages.routing import urls_of

urlpatterns = [
    path("editions/", views.Editions.as_view(), name="editions"),
    path("editions/<int:pk>/", views.ShowEdition.as_view(), name="edition"),
    path(
        "editions/<int:pk>/items/<str:code>/price/", views.ChangePrice.as_view(), name="item-price"
    ),
    path("offers/", views.Offers.as_view(), name="offers"),
    path("offers/<int:pk>/", views.ShowOffer.as_view(), name="offer"),
    *urls_of(EDITION, "editions", "edition"),
    *urls_of(COMMENT, "comments", "comment"),
    *urls_of(OFFER, "offers", "offer"),
]
