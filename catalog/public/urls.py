"""Addresses of the public catalog."""

from django.urls import path

from catalog.public import views as public_views

_DIFFERENCE = "catalog/difference/<int:older>/<int:newer>/"


urlpatterns = [
    path("", public_views.Catalog.as_view(), name="catalog"),
    path("catalog/editions/", public_views.Archive.as_view(), name="public-editions"),
    path("catalog/items.json", public_views.ItemsOn.as_view(), name="public-items-on"),
    path("catalog/feed.atom", public_views.ShowFeed.as_view(), name="catalog-feed"),
    path(_DIFFERENCE, public_views.Difference.as_view(), name="edition-difference"),
    path(f"{_DIFFERENCE}data.json", public_views.DifferenceData.as_view(), name="edition-difference-data"),
    path(
        f"{_DIFFERENCE}notice.pdf", public_views.DifferenceNotice.as_view(), name="edition-difference-notice"
    ),
    path("catalog/<int:edition>/", public_views.ShowEdition.as_view(), name="public-edition"),
    path("catalog/<int:edition>/notice.pdf", public_views.Notice.as_view(), name="edition-notice"),
    path("catalog/<int:edition>/catalog.<str:kind>", public_views.Download.as_view(), name="edition-file"),
    path("catalog/<int:edition>/<str:code>/", public_views.ShowItem.as_view(), name="public-item"),
]
