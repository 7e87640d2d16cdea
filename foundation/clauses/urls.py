from django.urls import path

from foundation.clauses import views as clauses_views

urlpatterns = [
    path("basis/", clauses_views.ShowOpinion.as_view(), name="clauses"),
    path("basis/<str:place>/", clauses_views.ShowClause.as_view(), name="clause"),
]
