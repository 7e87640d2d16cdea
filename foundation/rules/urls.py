"""Addresses of pages of rules."""

from django.urls import path

from foundation.rules import views
from foundation.rules.states import RULE
from foundation.ui.routing import urls_of

urlpatterns = [
    path("rules/", views.Rules.as_view(), name="rules"),
    path("rules/<int:pk>/", views.ShowRule.as_view(), name="rule"),
    *urls_of(RULE, "rules", "rule"),
]
