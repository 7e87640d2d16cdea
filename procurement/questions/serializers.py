"""Serializers of questions."""

from foundation.api.base import LifecycleSerializer
from procurement.questions.models import Question


class QuestionSerializer(LifecycleSerializer):
    class Meta:
        model = Question
        fields = ("project", "text", "answer_text", "changes_bids", "answered_at")
