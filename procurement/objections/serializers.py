from foundation.api.base import LivedSerializer
from procurement.objections.models import Objection


class ObjectionSerializer(LivedSerializer):
    class Meta:
        model = Objection
        fields = ("project", "provider", "against", "grounds", "answer_text")
