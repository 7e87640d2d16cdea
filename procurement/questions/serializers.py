from foundation.api.base import LivedSerializer
from procurement.questions.models import Question


class QuestionSerializer(LivedSerializer):
    class Meta:
        model = Question
        fields = ("project", "text", "answer_text", "changes_bids", "answered_at")
