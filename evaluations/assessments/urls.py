"""Page routes of assessments."""

from django.urls import path

from evaluations.assessments import views as assessments_views
from evaluations.assessments.states import ASSESSMENT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("assessments/<int:pk>/", assessments_views.ShowAssessment.as_view(), name="assessment"),
    path(
        "assessments/<int:pk>/files/<int:file>/",
        assessments_views.ShowEvidenceFile.as_view(),
        name="assessment-file",
    ),
    path(
        "assessments/<int:pk>/records/<slug:measure>/",
        assessments_views.ShowRecords.as_view(),
        name="assessment-records",
    ),
    *urls_of(ASSESSMENT, "assessments", "assessment"),
]
