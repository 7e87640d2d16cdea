"""Addresses of the pages of key holders."""

from django.urls import path

from foundation.ui.routing import urls_of
from procurement.key_holders import views
from procurement.key_holders.states import KEY_HOLDER

urlpatterns = [
    path("key-seats/<int:pk>/", views.ShowKeyHolder.as_view(), name="key-seat"),
    *urls_of(KEY_HOLDER, "key-seats", "key-seat"),
]
