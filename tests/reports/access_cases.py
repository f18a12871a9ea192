"""Who may open the reports: aggregates, for those who see figures."""

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.reports.publications import services
from fairapp.reports.publications.build import build_publication
from fairapp.reports.publications.models import Publication
from tests.access import Case, Side
from tests.factories.foundation import make_actor


def make_publication(side: Side) -> Publication:
    """A published set of figures."""
    built = build_publication(side.fair, "第1天", "day 1")
    preparer, approver = (make_actor(side.fair, role) for role in (Role.ORGANISER, Role.VERIFIER))
    with transaction():
        made = services.prepare_publication(actor=preparer, fair=side.fair, built=built)
        services.approve_publication(actor=approver, fair=side.fair, publication=made)
    return made


RECORDS = {"publication": make_publication}

READERS = "organiser verifier"
PUBLIC = "organiser verifier viewer"  # who sees what is published
FIRST = {"number": 2}  # the deals' cases publish a head as number 1; numbers begin anew in each fair
CASES = {
    "reports.publications": Case(PUBLIC),
    "reports.publication": Case(PUBLIC, fixed=FIRST),
    "reports.publication_sheet": Case(PUBLIC, fixed=FIRST | {"sheet": 10}),
    "reports.publication_workbook": Case(PUBLIC, fixed=FIRST, status=200),
    "reports.publication_again": Case(PUBLIC, fixed=FIRST),
    "reports.prepare_publication": Case("organiser"),
    "reports.approve_publication": Case("organiser verifier", fixed=FIRST),
    "reports.refuse_publication": Case("organiser verifier", fixed=FIRST),
    "reports.publication_mailing": Case("organiser"),
    "reports.reports": Case(READERS),
    "reports.sheet": Case(READERS, fixed={"number": 10}),
    "reports.workbook": Case("organiser"),
    "reports.profiles": Case("organiser verifier"),
    "reports.recount": Case("organiser verifier"),
    "reports.audit_pack": Case("organiser"),
    "reports.settings": Case("organiser"),
    "reports.country_groups": Case("organiser"),
    "reports.country_group": Case("organiser", fixed={"key": "asean"}),
    "reports.restore_country_group": Case("organiser", fixed={"key": "asean"}),
    "reports.country_names": Case("organiser"),
    "reports.last_edition_figures": Case("organiser"),
    "reports.import_last_edition": Case("organiser"),
}
