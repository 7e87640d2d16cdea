"""Addresses of the open contracting data."""

from django.urls import path

from procurement.ocds import views

urlpatterns = [
    path("open-data/ocds/", views.OpenData.as_view(), name="open-data"),
    path(
        "open-data/ocds/extensions/bids/<path:name>", views.OpenDataExtension.as_view(), name="ocds-extension"
    ),
    path("open-data/ocds/<int:year>/<str:form>", views.OpenDataYear.as_view(), name="ocds-year"),
    path(
        "open-data/ocds/processes/<str:ocid>/<str:form>", views.OpenDataProcess.as_view(), name="ocds-process"
    ),
]
