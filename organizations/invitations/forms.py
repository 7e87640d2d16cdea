"""Forms of invitations: for administrators, and for whoever holds a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.columns import column_of
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import PersonNameField, PhoneField
from foundation.forms.typed import folded, whole_number
from foundation.wording import listed
from organizations.invitations.clashing import Expected
from organizations.invitations.models import Channel
from organizations.invitations.namesakes import Reached
from organizations.invitations.shared import Owners
from organizations.invitations.states import INVITATION
from organizations.people import helping
from organizations.people.models import User
from organizations.people.seats import SeatForm
from organizations.people.seeking import somebody


def channels() -> list[tuple[str, Any]]:
    """How a link can be sent here: by mail and by text only where these come to somebody."""
    return [(one.value, one.label) for one in Channel if one.served]


def offer_channels(form: ActionForm) -> None:
    """Let the form offer these, a text at first where there are any."""
    offered = channels()
    form.options("channel").choices = offered
    first = Channel.TEXT if Channel.TEXT.served else Channel.LETTER
    form.initial.setdefault("channel", first.value)


@form_for(INVITATION, "invite")
class Invite(SeatForm):
    """Who is to join in which role, and how the link is sent."""

    full_name = PersonNameField(label=_("姓名"), max_length=40)
    channel = forms.ChoiceField(label=_("怎样送达"), widget=forms.RadioSelect, choices=Channel.choices)
    phone = PhoneField(label=_("手机"), required=False)
    email = forms.EmailField(label=_("邮箱"), required=False, max_length=120)
    field_order = ("full_name", "role")

    def prepare(self) -> None:
        super().prepare()
        offer_channels(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        reached = {name: given.get(name) or "" for name in ("full_name", "phone", "email")}
        for field, words in Owners().faults_of(**reached).items():
            self.add_error(field, words)
        if fault := self._fault_of_the_role(given):
            self.add_error("role", fault)
        return given

    def _fault_of_the_role(self, given: dict[str, Any]) -> str:
        """Why the role is not for this person (``Expected``); "" for nothing, or for what is not known yet."""
        name, role = given.get("full_name"), given.get("role")
        if not name or not role or self.actor is None:
            return ""
        reached = Reached.by(given.get("phone") or "", given.get("email") or "")
        first = given.get("valid_from") or moments.today()
        expected, last = Expected([name], self.by), given.get("valid_to")
        person = expected.dispensable(name, reached, role, first, last)
        if person is not None and User.objects.visible_to(self.by).filter(pk=person.pk).exists():
            self.show_dispensation(person)
        return expected.fault_of(name, reached, role, first, last)


@form_for(INVITATION, "renew")
class Renew(ActionForm):
    """Who is to set a new password, and how the link is sent."""

    person = somebody(_("给谁"))
    channel = forms.ChoiceField(
        label=_("怎样送达"),
        widget=forms.RadioSelect,
        choices=Channel.choices,
        help_text=_("短信和邮件送到本人登记的手机和邮箱；都没有时打印成信，当面核对身份后交给本人。"),
    )

    def prepare(self) -> None:
        offer_channels(self)
        self.tell_what_is_registered()
        if self.actor is not None:
            self.chooser("person").queryset = User.objects.visible_to(self.actor).filter(is_active=True)

    def tell_what_is_registered(self) -> None:
        """Say beside the channels what the person of the form lacks for one of them, and where to enter it."""
        chosen = whole_number(self.data.get("person") or self.initial.get("person"))
        person = User.objects.filter(pk=chosen or 0).first()
        if self.actor is None or person is None or not helping.may_help(person, self.actor):
            return
        lacks = [
            words for words, there in ((_("手机"), person.phone), (_("邮箱"), person.email)) if not there
        ]
        if lacks:
            self.fields["channel"].help_text = format_html(
                '{} {}<a href="{}">{}</a>',
                self.fields["channel"].help_text,
                gettext("%(name)s没有登记%(lacks)s：") % {"name": person.full_name, "lacks": listed(lacks)},
                reverse("person-contact", args=[person.pk]),
                _("改手机和邮箱"),
            )


#: What a password must be like.
STRONG = _("至少 10 个字符，不要只用数字，也不要用姓名、用户名、地名加年份或者重复的字。")


def a_password(label: Any, *, autocomplete: str = "new-password", **kwargs: Any) -> forms.CharField:
    """A password that is to be set, or, by ``autocomplete``, one that is in use, as it was typed."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget, **kwargs)


class NewPassword(ActionForm):
    """A new password, typed twice. ``obj`` is the invitation whose link is followed, if one is.

    It is checked here, so that a weak one is told together with what is wrong elsewhere, and once more by the action.
    """

    keeps_draft = False

    password = a_password(_("新密码"), help_text=STRONG)
    again = a_password(_("再输一遍"))

    def person(self, given: dict[str, Any]) -> User:
        """Whose password it will be, as far as that is known."""
        user = self.obj.user if self.obj is not None else None
        return user or User()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if {"password", "again"} <= given.keys() and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        if "password" in given:
            try:
                validate_password(given["password"], self.person(given))
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return given


class Join(NewPassword):
    """The name of a new account, and its password.

    Whether somebody has the name already is told by the action alone, whose tries are counted: strangers fill this in.
    """

    password = a_password(_("密码"), help_text=STRONG)
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=_(
            "登录时用，例如姓名的拼音；以后不能改。可以写汉字、英文字母、数字和 @ . + - _，不能有空格。"
        ),
    )
    field_order = ["username", "password", "again"]

    def clean_username(self) -> str:
        """The name folded, as at sign-in; raises ``ValidationError`` for one that cannot be."""
        name = folded(self.cleaned_data["username"])
        try:
            column_of(User, "username").run_validators(name)
        except forms.ValidationError:
            raise forms.ValidationError(
                _("用户名只能写汉字、英文字母、数字和 @ . + - _，不能有空格。")
            ) from None
        return name

    def person(self, given: dict[str, Any]) -> User:
        invited: dict[str, Any] = {}
        if self.obj is not None:
            invited = {"full_name": self.obj.full_name, "email": self.obj.email}
        known = {name: given[name] for name in ("username", "full_name") if name in given}
        return User(**(invited | known))


class JoinByCode(Join):
    """The same with the code of the link, from a program."""

    code = forms.CharField(label=_("邀请码"), max_length=40)


class NewPasswordByCode(NewPassword):
    """A new password with the code of the link, from a program."""

    code = forms.CharField(label=_("邀请码"), max_length=40)


class JoinAsMyself(ActionForm):
    """Nothing to fill: the account that is signed in gets the role as well."""

    keeps_draft = False


class JoinUnderAnotherName(JoinAsMyself):
    """The same where the account has another name than the invitation: on a computer that several share, it is mostly
    somebody else's.
    """

    myself = forms.BooleanField(label=_("邀请写的就是我本人，只是姓名写法不同"))


class TypeCode(ActionForm):
    """The code of a printed letter."""

    keeps_draft = False

    code = forms.CharField(
        label=_("邀请码"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("信上的 16 个字母和数字，横线和大小写不用管。"),
    )


class Forgotten(ActionForm):
    """Whose password was forgotten: the user name and the address that is registered with it."""

    keeps_draft = False

    username = forms.CharField(label=_("用户名"), max_length=60)
    email = forms.EmailField(label=_("登记的邮箱"), max_length=120)

    def clean_username(self) -> str:
        """The name folded, as at sign-in."""
        return folded(self.cleaned_data["username"])
