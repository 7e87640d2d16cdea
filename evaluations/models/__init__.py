"""What evaluations keep, a file an aggregate."""

from evaluations.models.exit import Exit, ExitAppeal, ExitFile, Vote
from evaluations.models.figures import Signal, Tally, TallySpan
from evaluations.models.following import Consequence, Rectification, Simulation
from evaluations.models.judging import Appeal, Assessment, EvidenceFile, Ruling, SampledCase, ScoreSheet
from evaluations.models.round import Round
from evaluations.models.scheme import Scheme

__all__ = [
    "Appeal",
    "Assessment",
    "Consequence",
    "EvidenceFile",
    "Exit",
    "ExitAppeal",
    "ExitFile",
    "Rectification",
    "Round",
    "Ruling",
    "SampledCase",
    "Scheme",
    "ScoreSheet",
    "Signal",
    "Simulation",
    "Tally",
    "TallySpan",
    "Vote",
]
