"""Who may open the pages of exhibitors."""

from typing import Any

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.core.data.files import store_file
from fairapp.core.data.private_files import LIST_TYPE, REPORT_TYPE
from fairapp.exhibitors.imports import report as import_report
from fairapp.exhibitors.models import BoothAssignment, Exhibitor, Product
from fairapp.exhibitors.team.queries import team_of
from tests.access import Case, Side
from tests.factories.exhibitors import (
    make_application,
    make_assignment,
    make_exhibitor,
    make_hold,
    make_logo,
    make_product,
)
from tests.factories.foundation import make_person

LIST = "名称,展位,展馆\n蓝港贸易,H9-A1,H9馆\n".encode()


def booth_of(side: Side, number: int) -> Any:
    """A booth that only this side uses."""
    return side.ground.booths[number + (5 if side.name == "rival" else 0)]


def exhibitor(side: Side) -> Exhibitor:
    return make_logo(make_exhibitor(side.fair, side.organisation))


def hold(side: Side) -> BoothAssignment:
    return make_hold(side.fair, side["exhibitor"], booth_of(side, 0))


def assignment(side: Side) -> BoothAssignment:
    return make_assignment(side.fair, side["exhibitor"], booth_of(side, 1))


def product(side: Side) -> Product:
    return make_product(side.fair, side["exhibitor"])


def member(side: Side) -> RoleGrant:
    person = make_person(side.fair, Role.EXHIBITOR, side.organisation)
    return next(grant for grant in team_of(side["exhibitor"]) if grant.user_id == person.id)


def kept(side: Side, content: bytes, content_type: str) -> Any:
    owner = side.people["organiser"].id
    with transaction():
        return store_file(content, fair_id=side.fair.id, name="list.csv", content_type=content_type, owner_id=owner)


def exhibitor_id(side: Side) -> dict[str, Any]:
    return {"exhibitor_id": side["exhibitor"].id}


def applicant_id(side: Side) -> dict[str, Any]:
    return {"exhibitor_id": side["applicant"].id}


def hold_id(side: Side) -> dict[str, Any]:
    return {"assignment_id": side["hold"].id}


RECORDS = {
    "exhibitor": exhibitor,
    "applicant": lambda side: make_application(side.fair),
    "hold": hold,
    "assignment": assignment,
    "product": product,
    "member": member,
    "list": lambda side: kept(side, LIST, LIST_TYPE),
    "report": lambda side: kept(side, import_report.dump_report(import_report.ImportReport()), REPORT_TYPE),
}
STAFF = "organiser verifier"
CASES = {
    "exhibitors.apply": Case("everyone"),
    "exhibitors.applied": Case("everyone", args=lambda side: {"reference": side["applicant"].reference}),
    "exhibitors.public_list": Case("everyone"),
    "exhibitors.public_page": Case("everyone", args=exhibitor_id),
    "exhibitors.logo": Case("everyone", args=exhibitor_id),
    "exhibitors.exhibitors": Case(STAFF),
    "exhibitors.export": Case(STAFF),
    "exhibitors.exhibitor": Case(STAFF, args=exhibitor_id),
    "exhibitors.new_exhibitor": Case("organiser"),
    "exhibitors.change": Case("organiser", args=exhibitor_id),
    "exhibitors.approve": Case("organiser", args=applicant_id),
    "exhibitors.invite": Case("organiser", args=exhibitor_id),
    "exhibitors.refuse": Case("organiser", args=applicant_id),
    "exhibitors.withdraw": Case("organiser", args=applicant_id),
    "exhibitors.selected": Case("organiser"),
    "exhibitors.decide": Case("organiser"),
    "exhibitors.choose_booth": Case("organiser", args=exhibitor_id),
    "exhibitors.assign": Case("organiser", args=lambda side: {**exhibitor_id(side), "booth_id": booth_of(side, 3).id}),
    "exhibitors.holds": Case(STAFF),
    "exhibitors.confirm_hold": Case("organiser", args=hold_id),
    "exhibitors.decline_hold": Case("organiser", args=hold_id),
    "exhibitors.release": Case("organiser", args=lambda side: {"assignment_id": side["assignment"].id}),
    "exhibitors.import_list": Case("organiser"),
    "exhibitors.preview": Case("organiser", args=lambda side: {"file_id": side["list"].id}),
    "exhibitors.carry_out": Case("organiser", args=lambda side: {"file_id": side["list"].id}),
    "exhibitors.imported": Case("organiser", args=lambda side: {"file_id": side["report"].id}),
    "exhibitors.import_report": Case("organiser", args=lambda side: {"file_id": side["report"].id}),
    "exhibitors.my_booth": Case("exhibitor"),
    "exhibitors.choose_my_booth": Case("exhibitor"),
    "exhibitors.hold": Case("exhibitor", args=lambda side: {"booth_id": booth_of(side, 4).id}, shared=True),
    "exhibitors.give_back": Case("exhibitor", args=hold_id),
    "exhibitors.my_profile": Case("exhibitor"),
    "exhibitors.my_logo": Case("exhibitor"),
    "exhibitors.remove_logo": Case("exhibitor"),
    "exhibitors.new_product": Case("exhibitor"),
    "exhibitors.my_product": Case("exhibitor", args=lambda side: {"product_id": side["product"].id}),
    "exhibitors.remove_product": Case("exhibitor", args=lambda side: {"product_id": side["product"].id}),
    "exhibitors.my_team": Case("exhibitor"),
    "exhibitors.act_for": Case("exhibitor", args=exhibitor_id),
    "exhibitors.withdraw_member": Case("exhibitor", args=lambda side: {"grant_id": side["member"].id}),
    "exhibitors_api.exhibitors": Case(STAFF),
}
