"""Page routes of schemes."""

from django.urls import path

from evaluations.schemes import views as schemes_views
from evaluations.schemes.states import SCHEME
from foundation.ui.routing import urls_of

urlpatterns = [
    path("schemes/", schemes_views.Schemes.as_view(), name="schemes"),
    path("schemes/<int:pk>/", schemes_views.ShowScheme.as_view(), name="scheme"),
    *urls_of(SCHEME, "schemes", "scheme"),
]
