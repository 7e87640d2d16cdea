"""Page routes of exits."""

from django.urls import path

from evaluations.exits import views
from evaluations.exits.states import EXIT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("exits/", views.Exits.as_view(), name="exits"),
    path("exits/<int:pk>/", views.ShowExit.as_view(), name="exit"),
    path("exits/<int:pk>/files/<int:file>/", views.ShowExitFile.as_view(), name="exit-file"),
    *urls_of(EXIT, "exits", "exit"),
]
