from django.urls import path

from foundation.pages.routing import urls_of
from organizations.lifecycle import DUTY, PROVIDER
from organizations.pages import views

urlpatterns = [
    path("providers/", views.Providers.as_view(), name="providers"),
    path("providers/<int:pk>/", views.ShowProvider.as_view(), name="provider"),
    path("duties/", views.Duties.as_view(), name="duties"),
    path("duties/<int:pk>/", views.ShowDuty.as_view(), name="duty"),
    *urls_of(PROVIDER, "providers", "provider"),
    *urls_of(DUTY, "duties", "duty"),
]
