"""The API of questions."""

from foundation.api.base import resource
from procurement.questions.serializers import QuestionSerializer

urlpatterns = [*resource("questions", QuestionSerializer, filters=("status", "project"), joins=("provider",))]
