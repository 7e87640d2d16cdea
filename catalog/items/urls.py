"""Addresses of the pages on which items and headings of a draft are written."""

from django.urls import path

from catalog.items import views as items_views

urlpatterns = [
    path("editions/<int:pk>/items/new/", items_views.AddItem.as_view(), name="item-new"),
    path("editions/<int:pk>/items/<str:code>/", items_views.ChangeItem.as_view(), name="item-change"),
    path("editions/<int:pk>/items/<str:code>/remove/", items_views.RemoveItem.as_view(), name="item-remove"),
    path("editions/<int:pk>/headings/new/", items_views.NewHeading.as_view(), name="heading-new"),
    path(
        "editions/<int:pk>/headings/<str:code>/", items_views.ChangeHeading.as_view(), name="heading-change"
    ),
    path(
        "editions/<int:pk>/headings/<str:code>/remove/",
        items_views.RemoveHeading.as_view(),
        name="heading-remove",
    ),
]
