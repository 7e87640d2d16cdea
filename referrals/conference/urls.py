"""Page routes of meetings of the joint conference."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.conference import views as conference_views
from referrals.conference.states import MEETING

urlpatterns = [
    path("meetings/", conference_views.Meetings.as_view(), name="meetings"),
    path("meetings/<str:number>/", conference_views.ShowMeeting.as_view(), name="meeting"),
    *urls_of(MEETING, "meetings", "meeting", lookup="number", converter="str"),
]
