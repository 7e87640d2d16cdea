"""The API of questions."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_MONEY
from procurement.questions.serializers import QuestionSerializer

urlpatterns = [
    *resource(
        "questions",
        QuestionSerializer,
        filters=("status", "project"),
        joins=("provider",),
        declared=access(GET=PROVIDERS_AND_MONEY),
    )
]
