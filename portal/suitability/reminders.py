"""Tell clients by SMS that their assessment runs out: 30, 7 and 1 days before, each once, and never at night."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients, sms
from portal.kit.clock import local, local_date
from portal.kit.i18n import later
from portal.suitability import queries, rules

HOURS = range(9, 20)  # of the Shanghai day
# Says no level: who else reads the telephone learns nothing.
TEXT = later("您的风险测评有效期至{day}。到期后，需要匹配的服务会暂停，查看账户不受影响。请登录客户服务重新测评。")


def remind_due(db: Session, now: datetime) -> int:
    """Queue the reminders that are due; gives for how many assessments one is. The same one is never sent twice."""
    form = queries.published(db)
    if form is None or local(now).hour not in HOURS:
        return 0
    today, steps, told = local_date(now), form.definition.rules["remind_days_before"], 0
    for row in queries.newest_effective(db):
        step = rules.days_to_remind(row.valid_to, today, steps)
        mobile = clients.mobile(db, row.client_id) if step else None
        if step and mobile:
            sms.queue(
                db, client_id=row.client_id, to=mobile, text=TEXT.format(day=row.valid_to.isoformat()), now=now,
                purpose="assessment", ref_type="assessment", ref_id=row.id, key=f"assessment:{row.number}:{step}",
            )  # fmt: skip
            told += 1
    return told
