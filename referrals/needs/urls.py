"""Page routes of needs."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.needs import views as needs_views
from referrals.needs.states import NEED

urlpatterns = [
    path("matters/<str:number>/needs/", needs_views.AddNeedPage.as_view(), name="matter-add-need"),
    path("needs/<int:pk>/", needs_views.ShowNeed.as_view(), name="need"),
    path("missing-help/", needs_views.MissingHelp.as_view(), name="missing-help"),
    path(
        "missing-help/<str:number>/<slug:kind>/",
        needs_views.DismissGap.as_view(),
        name="missing-help-dismiss",
    ),
    *urls_of(NEED, "needs", "need"),
]
