"""A purchase that comes back: of two officers the one who sent it back may not submit it himself."""

from __future__ import annotations

from foundation.inbox.models import Notice
from foundation.work_items.models import WorkItem
from procurement.purchases import planning
from procurement.purchases.models import Project
from tests.procurement.purchases import officer, ready


def sent_back() -> Project:
    """Planned and submitted by the first officer, sent back by the second, who alone is left to publish it."""
    project = planning.submit(ready(), by=officer())
    Notice.objects.all().delete()
    return planning.send_back(project, by=officer("minzheng2"), reason="期限写错")


def test_who_alone_may_submit_again_is_told_that_it_came_back():
    project = sent_back()
    (item,) = WorkItem.objects.filter(object_id=project.pk, lifecycle=project._meta.label, step="submit")
    assert item.kept_from == [officer("minzheng2").user_id]
    told = Notice.objects.filter(lifecycle=project._meta.label, object_id=project.pk, role="civil_affairs")
    assert [notice.user_id for notice in told] == [officer().user_id]


def test_the_page_says_that_the_other_must_submit_it(client_of):
    page = client_of("minzheng2").get(sent_back().get_absolute_url()).content.decode()
    assert "须由另一人办理" in page
