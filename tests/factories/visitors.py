"""Categories and people with badges, made through the services."""

from itertools import count

from fairapp.core import access
from fairapp.core.db import transaction
from fairapp.fairs.models import BadgeKind, Fair, VisitorCategory
from fairapp.visitors import services
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.rules import NewVisitor

_numbers = count(1)

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
    if not services.queries.categories(fair.id):
        make_categories(fair)
    with transaction():
        return services.register_visitor(
            actor=access.system(fair.id, "test"), fair=fair, new=NewVisitor(**{**values, **changes})
        )
