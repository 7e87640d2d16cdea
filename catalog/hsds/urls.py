"""Addresses of the directory below ``/hsds/``."""

from django.urls import path

from catalog.hsds import views

urlpatterns = [
    path("", views.Root.as_view(), name="hsds"),
    path("openapi.json", views.OpenApi.as_view(), name="hsds-openapi"),
    path("services", views.Services.as_view(), name="hsds-services"),
    path("services/<str:identifier>", views.OneService.as_view(), name="hsds-service"),
    path("organizations", views.Organizations.as_view(), name="hsds-organizations"),
    path("organizations/<str:identifier>", views.OneOrganization.as_view(), name="hsds-organization"),
    path("locations", views.Locations.as_view(), name="hsds-locations"),
    path("locations/<str:identifier>", views.OneLocation.as_view(), name="hsds-location"),
    path("service_at_locations", views.ServicesAtLocations.as_view(), name="hsds-service-at-locations"),
    path(
        "service_at_locations/<str:identifier>",
        views.OneServiceAtLocation.as_view(),
        name="hsds-service-at-location",
    ),
    path("taxonomies", views.Taxonomies.as_view(), name="hsds-taxonomies"),
    path("taxonomies/<str:identifier>", views.OneTaxonomy.as_view(), name="hsds-taxonomy"),
    path("taxonomy_terms", views.Terms.as_view(), name="hsds-taxonomy-terms"),
    path("taxonomy_terms/<str:identifier>", views.OneTerm.as_view(), name="hsds-taxonomy-term"),
]
