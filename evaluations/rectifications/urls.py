"""Page routes of rectifications."""

from django.urls import path

from evaluations.rectifications import views
from evaluations.rectifications.states import RECTIFICATION
from foundation.ui.routing import urls_of

urlpatterns = [
    path("rectifications/", views.Rectifications.as_view(), name="rectifications"),
    path("rectifications/<int:pk>/", views.ShowRectification.as_view(), name="rectification"),
    *urls_of(RECTIFICATION, "rectifications", "rectification"),
]
