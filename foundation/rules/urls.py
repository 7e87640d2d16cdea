from django.urls import path

from foundation.rules import views as rules_views
from foundation.rules.states import RULE
from foundation.ui.routing import urls_of

urlpatterns = [
    path("rules/", rules_views.Rules.as_view(), name="rules"),
    path("rules/<int:pk>/", rules_views.ShowRule.as_view(), name="rule"),
    *urls_of(RULE, "rules", "rule"),
]
