from django.urls import path

from evaluations.lifecycle import (
    APPEAL,
    ASSESSMENT,
    EXIT,
    EXIT_APPEAL,
    RECTIFICATION,
    ROUND,
    SCHEME,
    SHEET,
    SIGNAL,
    SIMULATION,
)
from evaluations.pages import figures, following, judging, leaving, rounds
from foundation.pages.routing import urls_of

urlpatterns = [
    path("rounds/", rounds.Rounds.as_view(), name="rounds"),
    path("rounds/<int:pk>/", rounds.ShowRound.as_view(), name="round"),
    *urls_of(ROUND, "rounds", "round"),
    path("schemes/", rounds.Schemes.as_view(), name="schemes"),
    path("schemes/<int:pk>/", rounds.ShowScheme.as_view(), name="scheme"),
    *urls_of(SCHEME, "schemes", "scheme"),
    path("assessments/<int:pk>/", judging.ShowAssessment.as_view(), name="assessment"),
    path(
        "assessments/<int:pk>/files/<int:file>/", judging.ShowEvidenceFile.as_view(), name="assessment-file"
    ),
    path(
        "assessments/<int:pk>/records/<slug:measure>/",
        judging.ShowRecords.as_view(),
        name="assessment-records",
    ),
    *urls_of(ASSESSMENT, "assessments", "assessment"),
    path("sheets/<int:pk>/", judging.ShowSheet.as_view(), name="sheet"),
    *urls_of(SHEET, "sheets", "sheet"),
    path("appeals/<int:pk>/", judging.ShowAppeal.as_view(), name="appeal"),
    *urls_of(APPEAL, "appeals", "appeal"),
    path("indicators/", figures.Definitions.as_view(), name="indicators"),
    path("indicators/<int:pk>/", figures.ProviderFigures.as_view(), name="provider-figures"),
    path("indicators/<int:pk>/<slug:measure>/", figures.ProviderRecords.as_view(), name="provider-records"),
    path("signals/", figures.Signals.as_view(), name="signals"),
    path("signals/<int:pk>/", figures.ShowSignal.as_view(), name="signal"),
    *urls_of(SIGNAL, "signals", "signal"),
    path("simulations/", following.Simulations.as_view(), name="simulations"),
    path("simulations/<int:pk>/", following.ShowSimulation.as_view(), name="simulation"),
    *urls_of(SIMULATION, "simulations", "simulation"),
    path("rectifications/", following.Rectifications.as_view(), name="rectifications"),
    path("rectifications/<int:pk>/", following.ShowRectification.as_view(), name="rectification"),
    *urls_of(RECTIFICATION, "rectifications", "rectification"),
    path("exits/", leaving.Exits.as_view(), name="exits"),
    path("exits/<int:pk>/", leaving.ShowExit.as_view(), name="exit"),
    path("exits/<int:pk>/files/<int:file>/", leaving.ShowExitFile.as_view(), name="exit-file"),
    *urls_of(EXIT, "exits", "exit"),
    path("exit-appeals/<int:pk>/", leaving.ShowExitAppeal.as_view(), name="exit-appeal"),
    *urls_of(EXIT_APPEAL, "exit-appeals", "exit-appeal"),
]
