"""Who may open the pages about deals."""

from typing import Any

from fairapp.core.data.db import transaction
from fairapp.core.data.files import store_file
from fairapp.core.data.private_files import LIST_TYPE, REPORT_TYPE
from fairapp.core.jobs.queue import LongTask
from fairapp.core.web.access import Actor
from fairapp.deals.confirmation_links import link_address
from fairapp.deals.draft import Side as DealSide
from fairapp.deals.enums import EvidenceKind, Method
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.follow_ups.links import follow_up_address
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.imports import report as import_report
from fairapp.deals.ledger.receipts import published_heads
from fairapp.deals.ledger.services import record_published_head
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.services.confirm import send_confirmation
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.slips.queries import slip_by_number
from fairapp.deals.slips.services import print_slips, spoil_slip
from tests.access import Case, Side
from tests.factories.deals import a_draft, a_picture, make_exhibitor
from tests.factories.rates import prepare


def make_deal(side: Side) -> Any:
    """A declared deal of the side's own company, with a proof as a file."""
    seller = make_exhibitor(side.fair, organisation=side.organisation)
    actor = Actor("test", fair_id=side.fair.id)
    with transaction():
        buyer = DealSide(name=f"Buyer of {side.name}", country="SG")
        deal = declare_deal(actor=actor, fair=side.fair, draft=a_draft(seller, buyer=buyer), method=Method.DESK)
        proof = add_evidence(actor=actor, deal=deal, kind=EvidenceKind.CONTRACT, content=a_picture(), name="c.png")
    side.records["proof"] = proof
    return deal


def make_token(side: Side) -> Any:
    actor = Actor("test", fair_id=side.fair.id)
    with transaction():
        link = send_confirmation(actor=actor, deal=side["deal"], method=Method.SHOWN_LINK)
    return link_address(side.fair, link).rpartition("/")[2]


def make_head(side: Side) -> Any:
    with transaction():
        words: dict[str, Any] = {
            "number": len(published_heads(side.fair.id)) + 1,
            "label_zh": "第一天",
            "label_en": "Day 1",
        }
        seq = ledger_head(side.fair.id)[0]
        return record_published_head(actor=Actor("test", fair_id=side.fair.id), fair=side.fair, seq=seq, **words)


def make_check(side: Side) -> Any:
    with transaction() as session:
        mine = {"owner_id": side.people["organiser"].id, "permission": "see_deals"}
        session.add(task := LongTask(fair_id=side.fair.id, kind="ledger_check", **mine))
    return task


def a_receipt(side: Side) -> dict[str, Any]:
    return one(side) | {"number": side["published_head"].number}


def one(side: Side) -> dict[str, Any]:
    return {"deal_id": side["deal"].id}


def proof(side: Side) -> dict[str, Any]:
    return {"deal_id": side["deal"].id, "evidence_id": side["proof"].id}


def page(side: Side) -> dict[str, Any]:
    return proof(side) | {"number": 1}


def make_follow_token(side: Side) -> Any:
    with transaction() as session:
        due = side.fair.ends_on
        session.add(
            question := FollowUp(
                fair_id=side.fair.id, deal_id=side["deal"].id, days=30, asked_party="seller", due_on=due
            )
        )
        session.flush()
        return follow_up_address(side.fair, question).rpartition("/")[2]


def body(side: Side) -> dict[str, Any]:
    return {
        "client_id": "0192f0c1-0000-7000-8000-000000000001",
        "buyer": {"name": "Orchid Imports", "country": "SG"},
        "seller": {"name": "Quayside", "country": "CN"},
        "currency": "USD",
        "amount": "1000",
        "signed_on": side.fair.starts_on.isoformat(),
    }


def make_slip(side: Side) -> Any:
    actor = Actor("test", fair_id=side.fair.id)
    with transaction():
        made = print_slips(actor=actor, fair=side.fair, count=1)
        spoil_slip(actor=actor, fair=side.fair, number=made.first, reason="torn")
    return slip_by_number(side.fair.id, made.first)


LIST = "卖方,买方,国别,金额（万美元）\nQuayside Traders,Orchid Imports,SG,1.2\n"


def kept(content: bytes, content_type: str) -> Any:
    """A file of the side's organiser."""

    def make(side: Side) -> Any:
        owner = side.people["organiser"].id
        with transaction():
            return store_file(content, fair_id=side.fair.id, name="l.csv", content_type=content_type, owner_id=owner)

    return make


def make_rate(side: Side) -> Any:
    """A rate that waits for its release: of another currency for each side, as one waits at a time."""
    return prepare(side.fair, {"own": "VND", "rival": "KHR"}.get(side.name, "LAK"), "23050")


def proposed_rate(side: Side) -> dict[str, Any]:
    return {"proposal_id": side["rate"].id}


RECORDS = {
    "deal_list": kept(LIST.encode(), LIST_TYPE),
    "deal_report": kept(import_report.dump_report(import_report.DealImport()), REPORT_TYPE),
    "slip": make_slip,
    "rate": make_rate,
    "deal": make_deal,
    "deal_token": make_token,
    "published_head": make_head,
    "ledger_check": make_check,
    "follow_token": make_follow_token,
}
CASES = {
    "deals.confirm_by_link": Case("everyone", args=lambda side: {"token": side["deal_token"]}, shared=True),
    "deals.confirmed": Case("everyone", fixed={"said": "yes"}),
    "deals.deals": Case("organiser verifier"),
    "deals.export_deals": Case("organiser verifier"),
    "deals.deal": Case("organiser verifier", args=one),
    "deals.evidence": Case("organiser verifier", args=proof),
    "deals.evidence_page": Case("organiser verifier", args=page),
    "deals.pipeline": Case("organiser verifier"),
    "deals.breakdown": Case("organiser verifier", fixed={"dimension": "country"}),
    "deals.export_breakdown": Case("organiser verifier", fixed={"dimension": "day"}),
    "deals.following": Case("organiser verifier"),
    "deals.send_following": Case("organiser"),
    "deals.follow_up": Case("everyone", args=lambda side: {"token": side["follow_token"]}, shared=True),
    "deals.ledger": Case("organiser verifier"),
    "deals.verify_ledger": Case("organiser verifier"),
    "deals.check_progress": Case("organiser", args=lambda side: {"task_id": side["ledger_check"].id}),
    "deals.verifier": Case("everyone"),
    "deals.receipts": Case("exhibitor", args=one),
    "deals.receipt": Case("exhibitor", args=a_receipt),
    "deals.receipt_file": Case("exhibitor", args=a_receipt),
    "deals.verification": Case("verifier"),
    "deals.verify_page": Case("verifier", args=one),
    "deals.verify": Case("verifier", args=one),
    "deals.refuse": Case("verifier", args=one),
    "deals.declare_deal": Case("organiser"),
    "deals.complete_deal": Case("organiser", args=one),
    "deals.merge": Case("organiser", args=one),
    "deals.unmerge": Case("organiser", args=one),
    "deals.import_list": Case("organiser"),
    "deals.preview_list": Case("organiser", args=lambda side: {"file_id": side["deal_list"].id}),
    "deals.carry_out_list": Case("organiser", args=lambda side: {"file_id": side["deal_list"].id}),
    "deals.imported_list": Case("organiser", args=lambda side: {"file_id": side["deal_report"].id}),
    "deals.list_report": Case("organiser", args=lambda side: {"file_id": side["deal_report"].id}),
    "deals.slips": Case("organiser"),
    "deals.print_slips": Case("organiser"),
    "deals.slips_file": Case("organiser", fixed={"first": 1, "last": 1}),
    "deals.hand_out": Case("organiser"),
    "deals.enter_slip": Case("organiser"),
    "deals.spoil_slip": Case("organiser"),
    "deals.restore_slip": Case("organiser", fixed={"number": 1}),
    "deals.complete_my_deal": Case("exhibitor", args=one),
    "deals.rates": Case("organiser verifier"),
    "deals.lock_rates": Case("organiser"),
    "deals.prepare_rate": Case("organiser"),
    "deals.rate_proposal": Case("organiser verifier", args=proposed_rate),
    "deals.check_rate": Case("organiser verifier", args=proposed_rate),
    "deals.release_rate": Case("organiser verifier", args=proposed_rate),
    "deals.refuse_rate": Case("organiser verifier", args=proposed_rate),
    "deals.screen": Case("organiser", args=one),
    "deals.hold": Case("organiser", args=one),
    "deals.release": Case("organiser", args=one),
    "deals.void": Case("organiser", args=one),
    "deals.amend": Case("organiser", args=one),
    "deals.send": Case("organiser", args=one),
    "deals.add_evidence": Case("organiser", args=one),
    "deals.companies": Case("organiser exhibitor"),
    "deals.my_deals": Case("exhibitor"),
    "deals.declare_my_deal": Case("exhibitor"),
    "deals.my_deal": Case("exhibitor", args=one),
    "deals.my_evidence_page": Case("exhibitor", args=page),
    "deals.my_evidence": Case("exhibitor", args=proof),
    "deals.add_my_evidence": Case("exhibitor", args=one),
    "deals.amend_my_deal": Case("exhibitor", args=one),
    "deals.answer": Case("exhibitor", args=one),
    "deals.confirm_by_badge": Case("exhibitor", args=one),
    "deals.send_link": Case("exhibitor", args=one),
    "deals.show_link": Case("exhibitor", args=one),
    "deals_api.declare": Case("organiser exhibitor", data=body),
    "deals_api.deals": Case("organiser exhibitor"),
}
