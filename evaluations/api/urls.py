from rest_framework import serializers

from evaluations.models import Assessment, Round, Scheme, ScoreSheet
from foundation.access import access
from foundation.api.base import LivedSerializer, resource
from foundation.roles import Role

OVERSIGHT = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR))
WITH_PROVIDERS = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR, Role.COORDINATOR))


class SchemeSerializer(LivedSerializer):
    class Meta:
        model = Scheme
        fields = ("id", "name", "indicators", "status", "status_label", "moves")


class AssessmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Assessment
        fields = ("provider", "figures", "parts", "total", "grade")


class RoundSerializer(LivedSerializer):
    assessments = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = (
            "id",
            "title",
            "scheme",
            "period_from",
            "period_to",
            "rules",
            "assessments",
            "status",
            "status_label",
            "moves",
        )

    def get_assessments(self, obj: Round) -> list[dict]:
        """Every provider's for oversight; a provider reads its own only."""
        actor = self.context["request"]._request.actor
        found = list(obj.assessments.all())
        if actor.role == Role.COORDINATOR:
            own = actor.organization_id
            found = [each for each in found if each.provider.organization_id == own]
        elif actor.role == Role.EVALUATOR:
            me = actor.user_id
            found = [e for e in found if any(s.evaluator_id == me for s in e.sheets.all())]
        return AssessmentSerializer(found, many=True).data


class SheetSerializer(LivedSerializer):
    class Meta:
        model = ScoreSheet
        fields = ("id", "assessment", "scores", "status", "status_label", "moves")


urlpatterns = [
    *resource("schemes", SchemeSerializer, filters=("status",), declared=OVERSIGHT),
    *resource(
        "rounds",
        RoundSerializer,
        filters=("status",),
        joins=("scheme",),
        many=("assessments__provider", "assessments__sheets"),
        declared=WITH_PROVIDERS,
    ),
    *resource("sheets", SheetSerializer, filters=("status",), declared=OVERSIGHT),
]
