"""Categories and people with badges, made through the services."""

from datetime import timedelta
from itertools import count

from fairapp.accounts.models import Organisation
from fairapp.core.data.clock import frozen_at, now
from fairapp.core.data.db import transaction
from fairapp.core.web import access
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor, ExhibitorStatus
from fairapp.fairs.models import BadgeKind, Booth, Fair, Hall, VisitorCategory
from fairapp.visitors import queries
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.registration import services
from fairapp.visitors.rules import NewVisitor

_numbers = count(1)
REGISTERED_BEFORE = timedelta(days=10)  # whoever comes has had a badge for some time

CATEGORIES = (
    ("PRO", "专业观众", "Trade visitor", BadgeKind.VISITOR, True, True),
    ("GEN", "普通观众", "General visitor", BadgeKind.VISITOR, True, False),
    ("EXH", "展商", "Exhibitor", BadgeKind.EXHIBITOR, False, False),
    ("PRE", "媒体", "Press", BadgeKind.PRESS, False, False),
    ("ORG", "组委会", "Organiser", BadgeKind.ORGANISER, False, False),
)


def make_categories(fair: Fair) -> dict[str, VisitorCategory]:
    """The categories of CATEGORIES in a fair that has none yet, by code."""
    made = {}
    with transaction() as session:
        for position, (code, zh, en, kind, online, professional) in enumerate(CATEGORIES):
            made[code] = VisitorCategory(
                fair_id=fair.id,
                code=code,
                name_zh=zh,
                name_en=en,
                kind=kind,
                registers_online=online,
                is_professional=professional,
                position=position,
            )
            session.add(made[code])
    return made


def make_visitor(fair: Fair, **changes: object) -> tuple[Visitor, Badge]:
    """A registered person with a badge; makes the fair's categories if it has none."""
    number = next(_numbers)
    values = {
        "category": "PRO",
        "name": f"Visitor {number}",
        "company": f"Company {number}",
        "email": f"visitor{number}@example.com",
    }
    if not queries.categories_by_code(fair.id):
        make_categories(fair)
    with frozen_at(now() - REGISTERED_BEFORE), transaction():
        return services.register_visitor(
            actor=access.system(fair.id, "test"), fair=fair, new=NewVisitor(**{**values, **changes})
        )


def make_booth_for(fair: Fair, organisation: Organisation, area_m2: int = 9) -> Exhibitor:
    """An approved exhibitor of the organisation with one confirmed booth."""
    number = next(_numbers)
    with transaction() as session:
        hall = Hall(fair_id=fair.id, code=f"S{number}", name_zh="馆", name_en="Hall")
        exhibitor = Exhibitor(
            fair_id=fair.id,
            organisation_id=organisation.id,
            reference=f"V{number}",
            status=ExhibitorStatus.APPROVED,
            name_zh=organisation.name_zh,
            name_en=organisation.name_en,
        )
        session.add_all([hall, exhibitor])
        session.flush()
        booth = Booth(fair_id=fair.id, hall_id=hall.id, number=f"S{number}-1", area_m2=area_m2)
        session.add(booth)
        session.flush()
        session.add(
            BoothAssignment(fair_id=fair.id, booth_id=booth.id, exhibitor_id=exhibitor.id, state=BoothState.ASSIGNED)
        )
    return exhibitor
