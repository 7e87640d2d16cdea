"""Addresses of pages of the city's opinion."""

from django.urls import path

from foundation.clauses import views

urlpatterns = [
    path("basis/", views.ShowOpinion.as_view(), name="clauses"),
    path("basis/<str:place>/", views.ShowClause.as_view(), name="clause"),
]
