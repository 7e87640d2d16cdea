from django.urls import path

from foundation.pages.routing import urls_of
from organizations.lifecycle import PROVIDER
from organizations.pages import views

urlpatterns = [
    path("providers/", views.Providers.as_view(), name="providers"),
    path("providers/<int:pk>/", views.ShowProvider.as_view(), name="provider"),
    *urls_of(PROVIDER, "providers", "provider"),
]
