"""Questions about publications: what was prepared, what stands, what it froze, who is told."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.data.files import StoredFile
from fairapp.core.web.access import Actor
from fairapp.deals.ledger.receipts import published_heads
from fairapp.fairs.models import Fair
from fairapp.reports.publications.models import (
    Decision,
    FrozenContent,
    Publication,
    PublicationDecision,
    PublicationMailing,
)
from fairapp.reports.workbook.serialization import thawed

_log = logging.getLogger(__name__)
_JOINED = (PublicationDecision.fair_id == Publication.fair_id) & (PublicationDecision.publication_id == Publication.id)


@dataclass(frozen=True)
class Published:
    """A publication and what was decided about it (None: nothing yet)."""

    publication: Publication
    decision: PublicationDecision | None

    @property
    def state(self) -> str:
        """'prepared', 'approved' or 'refused'."""
        return self.decision.decision if self.decision else "prepared"

    @property
    def published_at(self) -> datetime | None:
        return self.decision.decided_at if self.decision and self.state == Decision.APPROVED else None


def _all(fair_id: int) -> Select[Publication, PublicationDecision]:
    return (
        select(Publication, PublicationDecision)
        .outerjoin(PublicationDecision, _JOINED)
        .where(Publication.fair_id == fair_id)
        .order_by(Publication.number.desc())
    )


def publications_visible_to(actor: Actor) -> Select[Publication, PublicationDecision]:
    """All of the actor's fair for those who prepare or approve; what is published for other readers; newest first."""
    if actor.fair_id is None or not actor.may(Permission.SEE_PUBLICATIONS):
        return _all(0).where(false())
    query = _all(actor.fair_id)
    if actor.may(Permission.PREPARE_PUBLICATIONS) or actor.may(Permission.APPROVE_PUBLICATIONS):
        return query
    return query.where(PublicationDecision.decision == Decision.APPROVED)


def publications_in(query: Select[Publication, PublicationDecision]) -> list[Published]:
    """The rows of such a question."""
    return [Published(publication, decision) for publication, decision in db.session.execute(query)]


def publication_visible_to(actor: Actor, number: int) -> Published | None:
    found = publications_in(publications_visible_to(actor).where(Publication.number == number))
    return found[0] if found else None


def publication_numbered(fair_id: int, number: int) -> Published | None:
    """For commands and jobs: a publication whatever its state."""
    found = publications_in(_all(fair_id).where(Publication.number == number))
    return found[0] if found else None


def all_publications(fair_id: int) -> list[Published]:
    """Every publication, newest first."""
    return publications_in(_all(fair_id))


def published(fair_id: int) -> list[Published]:
    """What stands, newest first."""
    return publications_in(_all(fair_id).where(PublicationDecision.decision == Decision.APPROVED))


def next_number(fair_id: int) -> int:
    """The number of the next publication: a number once given, or kept with a head, is never given again."""
    last = db.session.scalar(select(func.max(Publication.number)).where(Publication.fair_id == fair_id))
    heads = [head.number for head in published_heads(fair_id)]
    return max([last or 0, *heads]) + 1


def earlier_facts(fair: Fair) -> list[dict[str, Any]]:
    """What a new publication keeps of those that stand, the oldest first."""
    return [
        {
            "number": one.publication.number,
            "label_zh": one.publication.label_zh,
            "label_en": one.publication.label_en,
            "watermark": one.publication.watermark,
            "day": clock.day_in_zone(one.publication.as_of, fair.time_zone),
            "totals": one.publication.totals,
        }
        for one in reversed(published(fair.id))
    ]


def frozen_content(publication: Publication) -> Any:
    """What a publication keeps beside the ledger; ValueError when it is not what was prepared."""
    where = (FrozenContent.fair_id == publication.fair_id, FrozenContent.publication_id == publication.id)
    content = db.session.scalars(select(FrozenContent.content).where(*where)).one()
    return thawed(content, publication.frozen_sha256)


def workbook_file(publication: Publication) -> StoredFile | None:
    """The file as it was prepared, while it lies there; None, and a line in the log, when it is another one."""
    if publication.file_id is None:
        return None
    file = db.session.get(StoredFile, (publication.fair_id, publication.file_id))
    if file is None or not file.path.exists():
        return None
    with file.path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != publication.workbook_sha256:
        _log.error("%s is not the workbook of publication %s", file.path, publication.number)
        return None
    return file


def mailing_of(fair_id: int) -> PublicationMailing | None:
    return db.session.scalar(select(PublicationMailing).where(PublicationMailing.fair_id == fair_id))


def people_of(fair_id: int) -> list[User]:
    """Everybody with a role in the fair, by e-mail address."""
    held = select(RoleGrant.user_id).where(RoleGrant.fair_id == fair_id, RoleGrant.withdrawn_at.is_(None))
    return list(db.session.scalars(select(User).where(User.id.in_(held)).order_by(User.email)))
