"""The closed lists of the catalog: kinds, funding, procurement methods, target groups, conditions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceKind(models.TextChoices):
    """Whether a service is administrative or given to people."""

    ADMINISTRATIVE = "administrative", _("事务性")
    DIRECT = "direct", _("服务性")


class Funding(models.TextChoices):
    """Who pays for an item."""

    PURCHASED = "purchased", _("政府购买")
    CHARITY_PROJECT = "charity_project", _("慈善项目")
    RELIEF_FUND = "relief_fund", _("救助资金")


class Method(models.TextChoices):
    """How a service may be procured; open data keep the Chinese name."""

    OPEN = "open", _("公开招标")
    INVITED = "invited", _("邀请招标")
    NEGOTIATION = "negotiation", _("竞争性谈判")
    CONSULTATION = "consultation", _("竞争性磋商")
    INQUIRY = "inquiry", _("询价")
    SINGLE = "single", _("单一来源")
    FRAMEWORK = "framework", _("框架协议")
    COMMISSION = "commission", _("委托")


class TargetGroup(models.TextChoices):
    """For whom a service is made."""

    LOW_INCOME = "low_income", _("低收入家庭")
    EMERGENCY = "emergency", _("急难家庭")
    ELDERLY = "elderly", _("老年人")
    CHILDREN = "children", _("儿童")
    YOUTH = "youth", _("困境青少年")
    WOMEN = "women", _("妇女")
    DISABLED = "disabled", _("残疾人")
    FRAIL = "frail", _("失能人员")
    PATIENTS = "patients", _("病患")
    CARERS = "carers", _("家庭照料者")
    ALONE = "alone", _("独居或少与人来往者")
    BEREAVED = "bereaved", _("丧亲家庭")
    JOBSEEKERS = "jobseekers", _("有劳动能力者")
    WANDERERS = "wanderers", _("流浪走失人员")
    STAFF = "staff", _("基层工作人员")
    PUBLIC = "public", _("社会公众")
    PROJECTS = "projects", _("服务项目与合同")


class Disability(models.TextChoices):
    """What a disability certificate must say."""

    CERTIFIED = "certified", _("持残疾人证")
    SEVERE = "severe", _("一级、二级残疾")


class Residence(models.TextChoices):
    """How the household must belong to the city."""

    RESIDENT = "resident", _("在本市居住")
    REGISTERED = "registered", _("本市户籍")


class Comparison(models.TextChoices):
    """How a measured value is compared with the target of a standard."""

    AT_MOST = "at_most", "≤"
    AT_LEAST = "at_least", "≥"
    EXACTLY = "exactly", "="
