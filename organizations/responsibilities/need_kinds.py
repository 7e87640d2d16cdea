"""Kinds of need, by which needs are routed to bodies and matched with services."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    """A kind of need."""

    LIVING = "living", _("基本生活困难")
    TEMPORARY = "temporary", _("临时急难")
    DISASTER = "disaster", _("受灾")
    MEDICAL = "medical", _("医疗费用")
    EDUCATION = "education", _("上学费用")
    HOUSING = "housing", _("住房")
    EMPLOYMENT = "employment", _("就业")
    LEGAL = "legal", _("法律援助")
    DISABILITY = "disability", _("残疾与康复补贴")
    PRICE = "price", _("物价补贴")
    FAMILY_PLANNING = "family_planning", _("计生特殊家庭")
    WORKER = "worker", _("困难职工")
    YOUTH = "youth", _("困境青少年")
    WOMEN_CHILDREN = "women_children", _("困难妇女儿童")
    HUMANITARIAN = "humanitarian", _("人道应急与白血病救助")
    CARE = "care", _("照料护理")
    ESCORT = "escort", _("就医陪护")
    REHABILITATION = "rehabilitation", _("康复训练")
    COUNSELLING = "counselling", _("心理疏导")
    INCLUSION = "inclusion", _("社会融入与关爱探访")
    GUARDIANSHIP = "guardianship", _("监护支持")
    ABILITY = "ability", _("能力提升")
    RIGHTS = "rights", _("维权陪同")
    SUPPLEMENT = "supplement", _("救助后仍有困难")
    ADMINISTRATIVE = "administrative", _("经办事务")
    OTHER = "other", _("其他或说不清")
