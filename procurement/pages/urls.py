from django.urls import path

from foundation.pages.routing import urls_of
from procurement.lifecycle import BID, KEY_SEAT, OBJECTION, PANEL_SEAT, PROJECT, QUESTION
from procurement.pages import bids, desk, ocds, oversight, projects

urlpatterns = [
    path("projects/", projects.Projects.as_view(), name="projects"),
    path("projects/<str:number>/", projects.ShowProject.as_view(), name="project"),
    path("projects/<str:number>/bid/", bids.SealBid.as_view(), name="bid-for"),
    *urls_of(PROJECT, "projects", "project", lookup="number", converter="str"),
    path("bids/<int:pk>/", bids.ShowBid.as_view(), name="bid"),
    path("bids/<int:pk>/files/<int:paper>/", bids.ShowBidFile.as_view(), name="bid-file"),
    *urls_of(BID, "bids", "bid", without=("seal",)),
    path("questions/<int:pk>/", projects.ShowQuestion.as_view(), name="question"),
    *urls_of(QUESTION, "questions", "question"),
    path("objections/<int:pk>/", projects.ShowObjection.as_view(), name="objection"),
    *urls_of(OBJECTION, "objections", "objection"),
    path("key-seats/<int:pk>/", projects.ShowKeySeat.as_view(), name="key-seat"),
    *urls_of(KEY_SEAT, "key-seats", "key-seat"),
    path("panel-seats/<int:pk>/", projects.ShowPanelSeat.as_view(), name="panel-seat"),
    *urls_of(PANEL_SEAT, "panel-seats", "panel-seat"),
    path("red-flags/", oversight.RedFlags.as_view(), name="red-flags"),
    path("open-data/ocds/", ocds.OpenData.as_view(), name="open-data"),
    path(
        "open-data/ocds/extensions/bids/<path:name>", ocds.OpenDataExtension.as_view(), name="ocds-extension"
    ),
    path("open-data/ocds/<int:year>/<str:form>", ocds.OpenDataYear.as_view(), name="ocds-year"),
    path(
        "open-data/ocds/processes/<str:ocid>/<str:form>", ocds.OpenDataProcess.as_view(), name="ocds-process"
    ),
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("desk/papers/new/", desk.AddToFolder.as_view(), name="paper-new"),
    path("desk/papers/<int:pk>/", desk.ShowPaper.as_view(), name="paper"),
    path("desk/calendar/<str:token>.ics", desk.DeskCalendar.as_view(), name="desk-calendar"),
]
