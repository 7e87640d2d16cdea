"""Addresses of the public catalog."""

from django.urls import path

from catalog.public import views

_DIFFERENCE = "catalog/difference/<int:older>/<int:newer>/"


urlpatterns = [
    path("", views.Catalog.as_view(), name="catalog"),
    path("catalog/editions/", views.Archive.as_view(), name="public-editions"),
    path("catalog/items.json", views.ItemsOn.as_view(), name="public-items-on"),
    path("catalog/feed.atom", views.ShowFeed.as_view(), name="catalog-feed"),
    path(_DIFFERENCE, views.Difference.as_view(), name="edition-difference"),
    path(f"{_DIFFERENCE}data.json", views.DifferenceData.as_view(), name="edition-difference-data"),
    path(f"{_DIFFERENCE}notice.pdf", views.DifferenceNotice.as_view(), name="edition-difference-notice"),
    path("catalog/<int:edition>/", views.ShowEdition.as_view(), name="public-edition"),
    path("catalog/<int:edition>/notice.pdf", views.Notice.as_view(), name="edition-notice"),
    path("catalog/<int:edition>/catalog.<str:kind>", views.Download.as_view(), name="edition-file"),
    path("catalog/<int:edition>/<str:code>/", views.ShowItem.as_view(), name="public-item"),
]
