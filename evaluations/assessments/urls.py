"""Page routes of assessments."""

from django.urls import path

from evaluations.assessments import views
from evaluations.assessments.states import ASSESSMENT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("assessments/<int:pk>/", views.ShowAssessment.as_view(), name="assessment"),
    path("assessments/<int:pk>/files/<int:file>/", views.ShowEvidenceFile.as_view(), name="assessment-file"),
    path(
        "assessments/<int:pk>/records/<slug:measure>/", views.ShowRecords.as_view(), name="assessment-records"
    ),
    *urls_of(ASSESSMENT, "assessments", "assessment"),
]
