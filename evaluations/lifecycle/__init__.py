"""The tables of evaluation, of rectification and of exit."""

from evaluations.lifecycle.exit import EXIT, EXIT_APPEAL, ExitAppealStatus, ExitStatus
from evaluations.lifecycle.following import (
    RECTIFICATION,
    SIGNAL,
    SIMULATION,
    RectificationStatus,
    SignalStatus,
    SimulationStatus,
)
from evaluations.lifecycle.judging import (
    APPEAL,
    ASSESSMENT,
    SHEET,
    AppealStatus,
    AssessmentStatus,
    ReplaceGround,
    SheetStatus,
    VoidGround,
)
from evaluations.lifecycle.round import ROUND, RoundStatus
from evaluations.lifecycle.scheme import SCHEME, SchemeStatus

__all__ = [
    "APPEAL",
    "ASSESSMENT",
    "EXIT",
    "EXIT_APPEAL",
    "RECTIFICATION",
    "ROUND",
    "SCHEME",
    "SHEET",
    "SIGNAL",
    "SIMULATION",
    "AppealStatus",
    "AssessmentStatus",
    "ExitAppealStatus",
    "ExitStatus",
    "RectificationStatus",
    "ReplaceGround",
    "RoundStatus",
    "SchemeStatus",
    "SheetStatus",
    "SignalStatus",
    "SimulationStatus",
    "VoidGround",
]
