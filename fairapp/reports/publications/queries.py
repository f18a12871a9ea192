"""Questions about publications: what was prepared, what stands, what it froze, who is told."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Permission, Role
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
from fairapp.reports.workbook.serialization import load

_log = logging.getLogger(__name__)
_JOINED = (PublicationDecision.fair_id == Publication.fair_id) & (PublicationDecision.publication_id == Publication.id)


@dataclass(frozen=True)
class DecidedPublication:
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


def _select_publications(fair_id: int) -> Select[Publication, PublicationDecision]:
    return (
        select(Publication, PublicationDecision)
        .outerjoin(PublicationDecision, _JOINED)
        .where(Publication.fair_id == fair_id)
        .order_by(Publication.number.desc())
    )


def publications_visible_to(actor: Actor) -> Select[Publication, PublicationDecision]:
    """Select, newest first, all of the fair for those who prepare or approve; what is published for other readers."""
    if actor.fair_id is None or not actor.may(Permission.SEE_PUBLICATIONS):
        return _select_publications(0).where(false())
    query = _select_publications(actor.fair_id)
    if actor.may(Permission.PREPARE_PUBLICATIONS) or actor.may(Permission.APPROVE_PUBLICATIONS):
        return query
    return query.where(PublicationDecision.decision == Decision.APPROVED)


def list_publications(query: Select[Publication, PublicationDecision]) -> list[DecidedPublication]:
    """List the rows of such a question."""
    return [DecidedPublication(publication, decision) for publication, decision in db.session.execute(query)]


def publication_visible_to(actor: Actor, number: int) -> DecidedPublication | None:
    """Return a publication the actor may see; None for another."""
    entries = list_publications(publications_visible_to(actor).where(Publication.number == number))
    return entries[0] if entries else None


def publication_by_number(fair_id: int, number: int) -> DecidedPublication | None:
    """Return a publication whatever its state, for commands and jobs."""
    entries = list_publications(_select_publications(fair_id).where(Publication.number == number))
    return entries[0] if entries else None


def list_all_publications(fair_id: int) -> list[DecidedPublication]:
    """List every publication, newest first."""
    return list_publications(_select_publications(fair_id))


def list_approved(fair_id: int) -> list[DecidedPublication]:
    """List what stands, newest first."""
    return list_publications(_select_publications(fair_id).where(PublicationDecision.decision == Decision.APPROVED))


def next_number(fair_id: int) -> int:
    """Return the number of the next publication: one once given, or kept with a head, is never given again."""
    last = db.session.scalar(select(func.max(Publication.number)).where(Publication.fair_id == fair_id))
    heads = [head.number for head in published_heads(fair_id)]
    return max([last or 0, *heads]) + 1


def earlier_publication_facts(fair: Fair) -> list[dict[str, Any]]:
    """Return what a new publication keeps of those that stand, the oldest first."""
    return [
        {
            "number": entry.publication.number,
            "label_zh": entry.publication.label_zh,
            "label_en": entry.publication.label_en,
            "watermark": entry.publication.watermark,
            "day": clock.day_in_zone(entry.publication.as_of, fair.time_zone),
            "as_of": entry.publication.as_of,
            "totals": entry.publication.totals,
            "head": entry.publication.head_hash,
            "prepared_by": name_on_cover(fair.id, entry.publication.prepared_by, Role.ORGANISER),
            "approved_by": name_on_cover(fair.id, entry.decision.decided_by if entry.decision else "", Role.VERIFIER),
        }
        for entry in reversed(list_approved(fair.id))
    ]


def frozen_content(publication: Publication) -> Any:
    """Return what a publication keeps beside the ledger; ValueError when it is not what was prepared."""
    where = (FrozenContent.fair_id == publication.fair_id, FrozenContent.publication_id == publication.id)
    content = db.session.scalars(select(FrozenContent.content).where(*where)).one()
    return load(content, publication.frozen_sha256)


def workbook_file(publication: Publication) -> StoredFile | None:
    """Return the file as it was prepared, while it lies there; None, and a line in the log, when it is another one."""
    if publication.file_id is None:
        return None
    file = db.session.get(StoredFile, (publication.fair_id, publication.file_id))
    if file is None or not file.path.exists():
        return None
    with file.path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    if sha256 != publication.workbook_sha256:
        _log.error("%s is not the workbook of publication %s", file.path, publication.number)
        return None
    return file


def mailing_of(fair_id: int) -> PublicationMailing | None:
    """Return who is told of publications; None where nobody was written down."""
    return db.session.scalar(select(PublicationMailing).where(PublicationMailing.fair_id == fair_id))


def name_on_cover(fair_id: int, name: str, role: Role) -> str:
    """Return how a cover names a person: by name, or by role and initials where the fair has set so."""
    mailing = mailing_of(fair_id)
    if mailing is None or mailing.names_people:
        return name
    initials = "".join(f"{word[0]}." for word in name.split())
    return f"{role} {initials}"


def list_people_with_role(fair_id: int) -> list[User]:
    """List everybody with a role in the fair, by e-mail address."""
    held = select(RoleGrant.user_id).where(RoleGrant.fair_id == fair_id, RoleGrant.withdrawn_at.is_(None))
    return list(db.session.scalars(select(User).where(User.id.in_(held)).order_by(User.email)))
