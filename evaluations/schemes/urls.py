"""Page routes of schemes."""

from django.urls import path

from evaluations.schemes import views
from evaluations.schemes.states import SCHEME
from foundation.ui.routing import urls_of

urlpatterns = [
    path("schemes/", views.Schemes.as_view(), name="schemes"),
    path("schemes/<int:pk>/", views.ShowScheme.as_view(), name="scheme"),
    *urls_of(SCHEME, "schemes", "scheme"),
]
