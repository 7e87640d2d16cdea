"""The API of the catalog."""

from django.urls import path

from catalog.api import views
from catalog.api.serializers import CommentSerializer, EditionSerializer, ImportSerializer, OfferSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource("editions", EditionSerializer, filters=("status",), many=("terms",)),
    path("editions/<int:pk>/items", views.Items.as_view(), name="api-items"),
    path("editions/<int:pk>/items/<str:code>", views.OneItem.as_view(), name="api-item"),
    path("editions/<int:pk>/headings", views.Headings.as_view(), name="api-headings"),
    path("editions/<int:pk>/headings/<str:code>", views.OneHeading.as_view(), name="api-heading"),
    path("editions/<int:pk>/effect", views.ShowEffect.as_view(), name="api-edition-effect"),
    path(
        "editions/<int:older>/difference/<int:newer>",
        views.ShowDifference.as_view(),
        name="api-edition-difference",
    ),
    path("items/in-force", views.ItemsOn.as_view(), name="api-items-on"),
    path("imports/<int:pk>/preview", views.ShowPreview.as_view(), name="api-import-preview"),
    *resource("imports", ImportSerializer, filters=("edition", "status")),
    *resource("comments", CommentSerializer, filters=("edition", "status"), joins=("body",)),
    *resource(
        "offers",
        OfferSerializer,
        filters=("item", "provider", "status"),
        joins=("item", "provider__organization"),
        many=("papers",),
    ),
    path("offers/<int:pk>/renewal", views.ShowRenewal.as_view(), name="api-offer-renewal"),
]
