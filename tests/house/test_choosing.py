"""Choosing among what grows with the city is a search field, never a list of everything."""

from __future__ import annotations

import ast
import re

import django_filters
from django import forms
from django.conf import settings

from tests.house.packages import ROOT, below, sources

#: Models of which only few are ever to choose from, and why.
FEW = {
    "catalog.Edition": "one or two a year",
    "contracts.Sample": "an invoice has as many as the rule `acceptance.sample` allows at most",
    "evaluations.Scheme": "one or two a year",
    "households.Consent": "those of one household",
    "households.HouseholdMember": "those of one household",
    "households.Person": "those of one household, and their guardians",
}

#: Fields that choose among few objects of models of which there are many, and why these are few.
FEW_HERE = {
    "referrals.matters.AcceptApplication.place": "the villages of one town",
    "households.register.AddMember.guardian_body": "the committee of one village, and civil affairs",
    "organizations.responsibilities.AssignResponsibility.organization": "the 17 bodies of the opinion",
    "households.register.ChangeGuardian.guardian_body": "the committee of one village, and civil affairs",
    "referrals.conference.Convene.bodies": "the 17 bodies of the opinion",
    "referrals.conference.Decide.body": "the 17 bodies of the opinion",
    "evaluations.appeals.FileAppeal.assessment": "results of one provider against which it may appeal now",
    "contracts.budgets.Grant.body": "the 17 bodies of the opinion",
    "households.relocations.MoveHouse.place": "the villages of one town",
    "organizations.places.ChangePlace.zone": "the zones of the city",
    "organizations.places.EnterPlace.zone": "the zones of the city",
    "organizations.places.PlaceForm.zone": "the zones of the city",
    "referrals.handovers.ProposeHandover.colleague": "the people of one window",
    "referrals.handovers.ProposeHandover.town": "the towns of the city",
    "organizations.providers.ChangeFacts.serves": "the towns of the city",
    "organizations.providers.Facts.serves": "the towns of the city",
    "organizations.providers.FillIn.serves": "the towns of the city",
    "organizations.providers.JoinAsProvider.place": "the towns of the city",
    "organizations.providers.JoinAsProvider.serves": "the towns of the city",
    "organizations.providers.api.JoinWithCode.place": "the towns of the city",
    "organizations.providers.api.JoinWithCode.serves": "the towns of the city",
    "organizations.providers.Register.place": "the towns of the city",
    "organizations.providers.Register.serves": "the towns of the city",
    "referrals.needs.Transfer.body": "the 17 bodies of the opinion",
}

#: Fields whose words are set for each form, and what they are.
WORDS = {
    "contracts.contracts.Draft.method": "ways of buying directly",
    "evaluations.schemes.DropIndicator.code": "the indicators of one scheme",
    "evaluations.appeals.FileAppeal.indicator": "the indicators of one scheme",
    "contracts.penalties.Impose.title": "what one contract agrees on",
    "organizations.service_accounts.IssueToken.parts": "the packages of the product that have an API",
    "catalog.items.item_form.ItemForm.body": "the 17 bodies of the opinion",
    "organizations.dispensations.RequestDispensation.role": "the roles that an administrator gives",
    "organizations.invitations.Invite.role": "the roles that an administrator gives",
    "organizations.people.GiveMembership.role": "the roles that an administrator gives",
    "organizations.people.seats.SeatForm.role": "the roles that an administrator gives",
    "organizations.people.seats.SeatOfSomebody.role": "the roles that an administrator gives",
    "catalog.items.item_form.ItemForm.places": "the towns of the city",
    "evaluations.rounds.Moderate.mark": "the differences about one provider",
    "evaluations.rounds.RuleVeto.veto": "the vetoes of one scheme",
    "evaluations.schemes.SetIndicator.figure": "the automatic indicators",
}

#: Templates that draw choices by hand, and among what.
BY_HAND = {
    "catalog/items/standards_widget.html": "ways to compare",
    "components/sought.html": "what a search field found, eight at most",
    "foundation/holidays/days_widget.html": "free or working, in each row",
    "portal/catalog_filters.html": "words, towns and bodies",
    "portal/catalog_search.html": "groups of people",
    "referrals/matching/match.html": "the best candidates; others are found by name",
    "referrals/matching/others.html": "those that follow, as many; others are found by name",
    "referrals/matters/known_household.html": "one tick",
}


def fields() -> dict[str, forms.Field]:
    """The declared fields of every form of the product, by its place, its name and theirs."""
    return {
        f"{form.__module__.removesuffix('.forms')}.{form.__name__}.{name}": field
        for form in set(below(forms.BaseForm))
        for name, field in getattr(form, "base_fields", {}).items()
    }


def choosing_among_rows() -> dict[str, str]:
    """The fields that list all objects among which they choose, each with its model."""
    return {
        name: field.queryset.model._meta.label
        for name, field in fields().items()
        if isinstance(field, forms.ModelChoiceField)
        and not getattr(field, "seeks", False)
        and not field.widget.is_hidden
    }


def test_the_forms_of_the_product_are_found():
    assert len(fields()) > 500
    assert sum(getattr(field, "seeks", False) for field in fields().values()) > 25


def test_choosing_among_many_is_a_search_field():
    many = {name: model for name, model in choosing_among_rows().items() if model not in FEW}
    assert set(many) == set(FEW_HERE), (
        "a search field (foundation.forms.seeking), or a reason why these stay few"
    )


def test_no_reason_is_given_for_a_model_that_nobody_lists():
    assert set(FEW) <= set(choosing_among_rows().values())


def test_words_that_are_set_for_each_form_are_few():
    """A list without words of its own is filled by its form, maybe from rows."""
    filled = {
        name
        for name, field in fields().items()
        if isinstance(field, forms.ChoiceField)
        and not isinstance(field, forms.ModelChoiceField)
        and not getattr(field, "seeks", False)
        and not list(field.choices)
    }
    assert filled == set(WORDS)


def test_no_form_adds_a_list_of_objects_of_its_own():
    """A field that a form makes while it is prepared is no declared field, which the tests above see."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                made = ast.unparse(node.value.func)
                added = any("self.fields[" in ast.unparse(target) for target in node.targets)
                assert not (added and "Model" in made), (path, node.lineno)


def test_filters_choose_among_words():
    """Those of the API are drawn nowhere: it answers in JSON alone."""
    drawn = [kind for kind in below(django_filters.FilterSet) if kind.base_filters]
    assert [kind.__name__ for kind in drawn] == ["ItemFilter"]
    for kind in drawn:
        for name, found in kind.base_filters.items():
            assert not isinstance(found, django_filters.ModelChoiceFilter), (kind, name)
    assert settings.REST_FRAMEWORK["DEFAULT_RENDERER_CLASSES"] == ["rest_framework.renderers.JSONRenderer"]


def test_choices_that_a_template_draws_by_hand_are_few():
    templates = ROOT / "templates"
    drawn = {
        str(path.relative_to(templates))
        for path in templates.rglob("*.html")
        if re.search(r'<select|type="(radio|checkbox)"', path.read_text())
    }
    assert drawn == set(BY_HAND)
