"""Page routes of complaints."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.complaints import views
from referrals.complaints.states import COMPLAINT

urlpatterns = [
    path("complaints/", views.Complaints.as_view(), name="complaints"),
    path("complaints/<int:pk>/", views.ShowComplaint.as_view(), name="complaint"),
    *urls_of(COMPLAINT, "complaints", "complaint"),
]
