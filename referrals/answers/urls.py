"""Page routes of answers and ratings."""

from django.urls import path

from referrals.answers import views as answers_views

urlpatterns = [path("survey/<str:token>/", answers_views.AnswerSurvey.as_view(), name="survey")]
