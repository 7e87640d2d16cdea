"""Page routes of meetings of the joint conference."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.conference import views
from referrals.conference.states import MEETING

urlpatterns = [
    path("meetings/", views.Meetings.as_view(), name="meetings"),
    path("meetings/<str:number>/", views.ShowMeeting.as_view(), name="meeting"),
    *urls_of(MEETING, "meetings", "meeting", lookup="number", converter="str"),
]
