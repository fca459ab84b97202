"""Tell clients that their assessment runs out: 30, 7 and 1 days before, each once, and never at night."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients
from portal.inbox import Letter, Topic, Weight
from portal.kit.clock import local, local_date
from portal.kit.i18n import later
from portal.suitability import queries, rules

HOURS = range(9, 20)  # of the Shanghai day
# Says no level: who else reads the telephone learns nothing.
TITLE = later("风险测评即将到期")
TEXT = later("您的风险测评有效期至%(day)s。到期后，需要匹配的服务会暂停，查看账户不受影响。请登录客户服务重新测评。")


def remind_due(db: Session, now: datetime) -> int:
    """Tell who is to be reminded, by SMS whatever he prefers; gives how many are due. The same one is told once."""
    form = queries.published(db)
    if form is None or local(now).hour not in HOURS:
        return 0
    today, steps, told = local_date(now), form.definition.rules["remind_days_before"], 0
    for row in queries.newest_effective(db):
        step = rules.days_to_remind(row.valid_to, today, steps)
        if step:
            letter = Letter(
                Topic.SUITABILITY, TITLE, TEXT, Weight.REQUIRED, {"day": row.valid_to.isoformat()}, short=TEXT,
                page="suitability.index",
            )  # fmt: skip
            key = f"assessment:{row.number}:{step}"
            clients.tell(db, row.client_id, letter, key=key, ref_type="assessment", ref_id=row.id, now=now)
            told += 1
    return told
