from django.urls import path

from foundation.pages.routing import urls_of
from referrals.lifecycle import CALL, COMPLAINT, HANDOVER, MATTER, MEETING, NEED, REFERRAL, REMATCH
from referrals.pages import cases, matching, oversight, services, survey

urlpatterns = [
    path("intake/household/", cases.LookUpHousehold.as_view(), name="look-up-household"),
    path("matters/", cases.Matters.as_view(), name="matters"),
    path("matters/<str:number>/", cases.ShowMatter.as_view(), name="matter"),
    path("matters/<str:number>/needs/", cases.AddNeedPage.as_view(), name="matter-add-need"),
    path("needs/<int:pk>/", cases.ShowNeed.as_view(), name="need"),
    path("needs/<int:pk>/match/", matching.Match.as_view(), name="need-match"),
    path("calls/<int:pk>/", matching.ShowCall.as_view(), name="call"),
    path("referrals/", services.Referrals.as_view(), name="referrals"),
    path("referrals/<str:number>/", services.ShowReferral.as_view(), name="referral"),
    path("referrals/<str:number>/replace/", matching.ReplacePage.as_view(), name="referral-replace"),
    path("referrals/<str:number>/visit-code/", services.SendVisitCode.as_view(), name="visit-code"),
    path("referrals/<str:number>/link/", services.MakeLink.as_view(), name="referral-link"),
    path(
        "referrals/<str:number>/signatures/<int:pk>/",
        services.ShowSignature.as_view(),
        name="visit-signature",
    ),
    path("answer/<str:token>/", services.AnswerLink.as_view(), name="offer-link"),
    path("survey/<str:token>/", survey.AnswerSurvey.as_view(), name="survey"),
    path("missing-help/", oversight.MissingHelp.as_view(), name="missing-help"),
    path(
        "missing-help/<str:number>/<slug:kind>/", oversight.DismissGap.as_view(), name="missing-help-dismiss"
    ),
    path("handovers/<int:pk>/", oversight.ShowHandover.as_view(), name="handover"),
    path("complaints/", oversight.Complaints.as_view(), name="complaints"),
    path("complaints/<int:pk>/", oversight.ShowComplaint.as_view(), name="complaint"),
    path("meetings/", oversight.Meetings.as_view(), name="meetings"),
    path("meetings/<str:number>/", oversight.ShowMeeting.as_view(), name="meeting"),
    path("rematches/", oversight.Rematches.as_view(), name="rematches"),
    path("rematches/<int:pk>/", oversight.ShowRematch.as_view(), name="rematch"),
    *urls_of(MATTER, "matters", "matter", lookup="number", converter="str"),
    *urls_of(NEED, "needs", "need"),
    *urls_of(REFERRAL, "referrals", "referral", lookup="number", converter="str"),
    *urls_of(CALL, "calls", "call"),
    *urls_of(HANDOVER, "handovers", "handover"),
    *urls_of(COMPLAINT, "complaints", "complaint"),
    *urls_of(MEETING, "meetings", "meeting", lookup="number", converter="str"),
    *urls_of(REMATCH, "rematches", "rematch"),
]
