"""The models of every slice of evaluations, for Django to find."""

from evaluations.appeals.models import Appeal
from evaluations.assessments.models import Assessment, EvidenceFile, Question, Ruling, SampledCase
from evaluations.consequences.models import Consequence
from evaluations.exit_appeals.models import ExitAppeal
from evaluations.exits.models import Exit, ExitFile, Vote
from evaluations.indicators.models import Tally, TallySpan
from evaluations.rectifications.models import Rectification
from evaluations.rounds.models import PeerSums, Round
from evaluations.schemes.models import Scheme
from evaluations.sheets.models import ScoreSheet
from evaluations.simulations.models import Simulation
from evaluations.warnings.models import Signal

__all__ = [
    "Appeal",
    "Assessment",
    "Consequence",
    "EvidenceFile",
    "Exit",
    "ExitAppeal",
    "ExitFile",
    "PeerSums",
    "Question",
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
