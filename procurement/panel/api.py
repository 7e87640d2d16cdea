"""The API of seats on evaluation panels."""

from foundation.api.base import resource
from procurement.panel.serializers import PanelSeatSerializer

urlpatterns = [*resource("panel-seats", PanelSeatSerializer, filters=("status", "project"))]
