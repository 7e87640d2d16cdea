"""Addresses of the pages on which items and headings of a draft are written."""

from django.urls import path

from catalog.items import views

urlpatterns = [
    path("editions/<int:pk>/items/new/", views.AddItem.as_view(), name="item-new"),
    path("editions/<int:pk>/items/<str:code>/", views.ChangeItem.as_view(), name="item-change"),
    path("editions/<int:pk>/items/<str:code>/remove/", views.RemoveItem.as_view(), name="item-remove"),
    path("editions/<int:pk>/headings/new/", views.NewHeading.as_view(), name="heading-new"),
    path("editions/<int:pk>/headings/<str:code>/", views.ChangeHeading.as_view(), name="heading-change"),
    path(
        "editions/<int:pk>/headings/<str:code>/remove/", views.RemoveHeading.as_view(), name="heading-remove"
    ),
]
