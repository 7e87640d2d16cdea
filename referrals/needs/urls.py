"""Page routes of needs."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.needs import views
from referrals.needs.states import NEED

urlpatterns = [
    path("matters/<str:number>/needs/", views.AddNeedPage.as_view(), name="matter-add-need"),
    path("needs/<int:pk>/", views.ShowNeed.as_view(), name="need"),
    path("needs/routing/", views.ShowRouting.as_view(), name="routing"),
    path("missing-help/", views.MissingHelp.as_view(), name="missing-help"),
    path("missing-help/<str:number>/<slug:kind>/", views.DismissGap.as_view(), name="missing-help-dismiss"),
    *urls_of(NEED, "needs", "need"),
]
