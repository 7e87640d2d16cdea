from django.urls import path

from procurement.ocds import views as ocds_views

urlpatterns = [
    path("open-data/ocds/", ocds_views.OpenData.as_view(), name="open-data"),
    path(
        "open-data/ocds/extensions/bids/<path:name>",
        ocds_views.OpenDataExtension.as_view(),
        name="ocds-extension",
    ),
    path("open-data/ocds/<int:year>/<str:form>", ocds_views.OpenDataYear.as_view(), name="ocds-year"),
    path(
        "open-data/ocds/processes/<str:ocid>/<str:form>",
        ocds_views.OpenDataProcess.as_view(),
        name="ocds-process",
    ),
]
