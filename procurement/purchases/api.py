"""The API of purchases."""

from foundation.api.base import resource
from procurement.purchases.serializers import ProjectSerializer

urlpatterns = [*resource("projects", ProjectSerializer, filters=("status", "method"), lookup="number")]
