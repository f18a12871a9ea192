"""Exhibitors made by the services."""

import io
from itertools import count
from typing import Any

from PIL import Image
from stdnum.cn import uscc

from fairapp.accounts.models import Organisation
from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.exhibitors.applications import services
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.catalogue import services as showcase
from fairapp.exhibitors.models import BoothAssignment, Exhibitor, Product
from fairapp.fairs.models import Booth, Fair

_numbers = count(1)


def credit_code(number: int) -> str:
    """A credit code with its right check digit; no company has it."""
    start = f"91350100MA{number:07d}"
    return start + uscc.calc_check_digit(start)


def company(**changes: Any) -> dict[str, Any]:
    """What a mainland supplier says about itself, each time another."""
    number = next(_numbers)
    values = {
        "kind": "supplier",
        "name_zh": f"测试第{number}贸易有限公司",
        "name_en": f"Test Number {number} Trading Co., Ltd.",
        "country": "CN",
        "credit_code": credit_code(number),
        "contact_name": "林晓",
        "contact_email": f"contact{number}@example.com",
        "contact_phone": "+86 591 8765 4321",
    }
    return {**values, **changes}


def make_application(fair: Fair, **changes: Any) -> Exhibitor:
    """A company that has applied."""
    with transaction():
        return services.submit_application(actor=system(fair.id), fair=fair, details=company(**changes), locale="en")


def make_exhibitor(fair: Fair, organisation: Organisation | None = None, **changes: Any) -> Exhibitor:
    """An approved exhibitor; of an organisation where one is given. Nobody is invited."""
    with transaction():
        by = system(fair.id)
        one = services.submit_application(actor=by, fair=fair, details=company(**changes), locale="en")
        if organisation is not None:
            one.organisation_id = organisation.id
        return services.approve_exhibitor(actor=by, fair=fair, exhibitor=one, invite=False)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A small image file."""
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, form)
    return content.getvalue()


def make_logo(exhibitor: Exhibitor) -> Exhibitor:
    with transaction():
        return showcase.store_logo(actor=system(exhibitor.fair_id), exhibitor=exhibitor, content=picture())


def make_hold(fair: Fair, exhibitor: Exhibitor, booth: Booth) -> BoothAssignment:
    with transaction():
        return booths.hold_booth(actor=system(fair.id), fair=fair, exhibitor=exhibitor, booth=booth)


def make_assignment(fair: Fair, exhibitor: Exhibitor, booth: Booth) -> BoothAssignment:
    with transaction():
        return booths.assign_booth(actor=system(fair.id), exhibitor=exhibitor, booth=booth)


def make_product(fair: Fair, exhibitor: Exhibitor, **changes: Any) -> Product:
    values = {"name_zh": "运动鞋", "name_en": "Running shoes", "hs_code": "6404", **changes}
    with transaction():
        return showcase.add_product(actor=system(fair.id), exhibitor=exhibitor, **values)
