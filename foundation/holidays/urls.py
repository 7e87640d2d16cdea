"""Addresses of pages of holidays."""

from django.urls import path

from foundation.holidays import views
from foundation.holidays.states import HOLIDAYS
from foundation.ui.routing import urls_of

urlpatterns = [
    path("holidays/", views.Holidays.as_view(), name="holidays"),
    path("holidays/<int:year>.csv", views.ModelFile.as_view(), name="holidays-file"),
    path("holidays/<int:pk>/", views.ShowNotice.as_view(), name="holiday-notice"),
    path("holidays/<int:pk>/moved/", views.Moved.as_view(), name="holiday-moved"),
    *urls_of(HOLIDAYS, "holidays", "holiday"),
]
