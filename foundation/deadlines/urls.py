"""Addresses of pages of deadlines."""

from django.urls import path

from foundation.deadlines import views

urlpatterns = [
    path("clocks/<int:pk>/pause/", views.PauseClock.as_view(), name="clock-pause"),
    path("clocks/<int:pk>/resume/", views.ResumeClock.as_view(), name="clock-resume"),
    path("overdue/", views.OverdueRegister.as_view(), name="overdue"),
]
