"""Addresses of pages of the lists."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.listings import views
from organizations.listings.states import LISTING, LISTING_FILE

urlpatterns = [
    path("listings/", views.Listings.as_view(), name="listings"),
    path("listings/<int:pk>/", views.ShowListing.as_view(), name="listing"),
    path("listing-files/", views.ListingFiles.as_view(), name="listing-files"),
    path("listing-files/template.xlsx", views.TemplateFile.as_view(), name="listing-file-template"),
    path("listing-files/<int:pk>/", views.ShowListingFile.as_view(), name="listing-file"),
    *urls_of(LISTING, "listings", "listing"),
    *urls_of(LISTING_FILE, "listing-files", "listing-file"),
]
