from django.urls import path

from catalog.lifecycle import COMMENT, EDITION, IMPORT, OFFER
from catalog.pages import drafting, feed, offering, public, views
from foundation.pages.routing import urls_of

_DIFFERENCE = "catalog/difference/<int:older>/<int:newer>/"

urlpatterns = [
    path("", public.Catalog.as_view(), name="catalog"),
    path("catalog/editions/", public.Archive.as_view(), name="public-editions"),
    path("catalog/items.json", public.ItemsOn.as_view(), name="public-items-on"),
    path("catalog/feed.atom", feed.ShowFeed.as_view(), name="catalog-feed"),
    path(_DIFFERENCE, public.Difference.as_view(), name="edition-difference"),
    path(f"{_DIFFERENCE}data.json", public.DifferenceData.as_view(), name="edition-difference-data"),
    path(f"{_DIFFERENCE}notice.pdf", public.DifferenceNotice.as_view(), name="edition-difference-notice"),
    path("catalog/<int:edition>/", public.ShowEdition.as_view(), name="public-edition"),
    path("catalog/<int:edition>/notice.pdf", public.Notice.as_view(), name="edition-notice"),
    path("catalog/<int:edition>/catalog.<str:kind>", public.Download.as_view(), name="edition-file"),
    path("catalog/<int:edition>/<str:code>/", public.ShowItem.as_view(), name="public-item"),
    path("editions/", views.Editions.as_view(), name="editions"),
    path("editions/<int:pk>/", views.ShowEdition.as_view(), name="edition"),
    path("editions/<int:pk>/effect/", views.ShowEffect.as_view(), name="edition-effect"),
    path("editions/<int:pk>/items/new/", drafting.AddItem.as_view(), name="item-new"),
    path("editions/<int:pk>/items/<str:code>/", drafting.ChangeItem.as_view(), name="item-change"),
    path("editions/<int:pk>/items/<str:code>/remove/", drafting.RemoveItem.as_view(), name="item-remove"),
    path("editions/<int:pk>/headings/new/", drafting.NewHeading.as_view(), name="heading-new"),
    path("editions/<int:pk>/headings/<str:code>/", drafting.ChangeHeading.as_view(), name="heading-change"),
    path(
        "editions/<int:pk>/headings/<str:code>/remove/",
        drafting.RemoveHeading.as_view(),
        name="heading-remove",
    ),
    path("imports/<int:pk>/", drafting.ShowImport.as_view(), name="import"),
    path("offers/", offering.Offers.as_view(), name="offers"),
    path("offers/<int:pk>/", offering.ShowOffer.as_view(), name="offer"),
    path("offers/<int:pk>/places/", offering.OneTap.as_view(), name="offer-one-tap"),
    path("offers/<int:pk>/papers/<int:paper>/", offering.OpenPaper.as_view(), name="offer-paper"),
    *urls_of(EDITION, "editions", "edition"),
    *urls_of(IMPORT, "imports", "import"),
    *urls_of(COMMENT, "comments", "comment"),
    *urls_of(OFFER, "offers", "offer"),
]
