"""Page routes of answers and ratings."""

from django.urls import path

from referrals.answers import views

urlpatterns = [path("survey/<str:token>/", views.AnswerSurvey.as_view(), name="survey")]
