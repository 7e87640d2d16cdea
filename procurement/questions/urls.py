"""Addresses of the pages about questions."""

from django.urls import path

from foundation.ui.routing import urls_of
from procurement.questions import views
from procurement.questions.states import QUESTION

urlpatterns = [
    path("questions/<int:pk>/", views.ShowQuestion.as_view(), name="question"),
    *urls_of(QUESTION, "questions", "question"),
]
