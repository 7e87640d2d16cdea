"""The API of seats on evaluation panels."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import Role
from procurement.panel.serializers import PanelSeatSerializer
from procurement.permissions import BUYING

EXPERTS = access(GET=(*BUYING, Role.EVALUATOR))


urlpatterns = [*resource("panel-seats", PanelSeatSerializer, filters=("status", "project"), declared=EXPERTS)]
