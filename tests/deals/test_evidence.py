"""What an auditor is handed: heads that were published, receipts, and what stands beside the chain."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.data.files import folder
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import EvidenceKind
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger import merkle
from fairapp.deals.ledger.models import LedgerCheck, PublishedHead
from fairapp.deals.ledger.receipts import published_heads, receipt_for
from fairapp.deals.ledger.services import record_published_head
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.services.review import hold_deal
from fairapp.fairs.models import Fair
from fairapp.reports import verify_workbook
from tests.deals.test_ledger import problems, tamper, told
from tests.factories.deals import a_picture, declare, make_exhibitor
from tests.factories.foundation import make_actor, make_fair, make_organisation, make_person


def published(fair: Fair, number: int = 1) -> PublishedHead:
    with transaction():
        seq = ledger_head(fair.id)[0]
        return record_published_head(
            actor=Actor("publisher"), fair=fair, number=number, label_zh="第一天", label_en="Day 1", seq=seq
        )


def hashes(count: int) -> list[str]:
    return [ledger.row_hash(ledger.GENESIS, [str(at)]) for at in range(count)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33])
def test_every_entry_leads_to_the_root_and_no_other_place_does(size: int) -> None:
    tree = merkle.Tree(hashes(size))
    assert tree.root == verify_workbook.tree_root(hashes(size))
    for seq, row_hash in enumerate(hashes(size), start=1):
        path = tree.path(seq)
        assert verify_workbook.root_from(row_hash, seq, size, path) == tree.root
        for wrong in {1, size} - {seq}:
            assert verify_workbook.root_from(row_hash, wrong, size, path) != tree.root
        assert verify_workbook.root_from(hashes(1)[0][::-1], seq, size, path) != tree.root


def test_the_root_of_nothing_and_of_one_are_those_of_rfc_6962() -> None:
    assert merkle.Tree([]).root == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with pytest.raises(IndexError):
        merkle.Tree(hashes(3)).path(4)


def test_the_verifier_knows_the_format_of_the_ledger() -> None:
    assert tuple(verify_workbook.FIELDS) == ledger.FIELDS


def receipt_file(tmp_path: Path, document: Any) -> str:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_a_receipt_convinces_a_stranger_and_a_changed_one_does_not(app, tmp_path: Path, capsys) -> None:
    fair = make_fair()
    deals = told(fair, 5)
    head = published(fair)
    declare(fair, buyer=Side(name="Later", country="FR"))
    receipt = receipt_for(fair, deals[0], head)
    assert receipt is not None and len(receipt.document["entries"]) == 2
    arguments = ["--receipt", receipt_file(tmp_path, receipt.document), "--root", head.root_hash]
    assert verify_workbook.main(arguments) == 0
    for change in (
        lambda told: told["entries"][0]["fields"].update(usd_minor="1"),
        lambda told: told["entries"][1]["path"].reverse(),
        lambda told: told["entries"][0]["fields"].update(seq="2"),
        lambda told: told["publication"].update(root="0" * 64),
        lambda told: told.update(deal=99),
    ):
        changed = json.loads(json.dumps(receipt.document))
        change(changed)
        assert verify_workbook.main(["--receipt", receipt_file(tmp_path, changed), "--root", head.root_hash]) == 1
    assert verify_workbook.main(["--receipt", receipt_file(tmp_path, [1]), "--root", head.root_hash]) == 2
    assert "everything holds" in capsys.readouterr().out


def test_a_receipt_says_nothing_of_other_deals_and_later_deals_have_none(app) -> None:
    fair = make_fair()
    deals = told(fair, 4)
    head = published(fair)
    text = json.dumps(receipt_for(fair, deals[1], head).document)  # type: ignore[union-attr]
    for other in (deals[0], deals[2], deals[3]):
        assert str(other.id) not in text and other.seller_digest not in text
    later = declare(fair, buyer=Side(name="Later", country="FR"))
    assert receipt_for(fair, later, head) is None


def test_a_chain_written_anew_does_not_pass_through_a_published_head(app) -> None:
    fair = make_fair()
    told(fair)
    head = published(fair)
    tamper("UPDATE deal_entries SET row_hash = :other WHERE seq = :seq", other="1" * 64, seq=head.seq)
    assert (head.seq, "not_the_head_seen_before") in problems(fair)


def test_a_head_beyond_the_ledger_cannot_be_published(app) -> None:
    fair = make_fair()
    told(fair, 1)
    words = {"number": 1, "label_zh": "一", "label_en": "One"}
    with pytest.raises(ValueError, match="no entry 9"), transaction():
        record_published_head(actor=Actor("x"), fair=fair, seq=9, **words)


def proven(fair: Fair) -> tuple[Deal, Path]:
    deal = declare(fair)
    with transaction():
        proof = add_evidence(
            actor=Actor("desk"), deal=deal, kind=EvidenceKind.CONTRACT, content=a_picture(), name="c.png"
        )
    return deal, folder() / proof.sha256[:2] / proof.sha256


def test_a_changed_or_missing_file_of_evidence_is_found_and_named(app) -> None:
    fair = make_fair()
    deal, path = proven(fair)
    content = path.read_bytes()
    assert problems(fair) == []
    path.write_bytes(content[:-1] + b"!")
    assert problems(fair) == [(deal.last_seq, "evidence_changed")]
    path.unlink()
    found = ledger_report(fair.id).broken
    assert [one.problem for one in found] == ["evidence_missing"]
    assert found[0].subject.startswith(f"D-{deal.number} ")
    path.write_bytes(content)


def test_evidence_taken_away_or_put_in_is_found(app) -> None:
    fair = make_fair()
    deal, _path = proven(fair)
    tamper("DELETE FROM deal_evidence_pages")
    tamper("DELETE FROM deal_evidence")
    assert (deal.last_seq, "evidence_differs") in problems(fair)


@pytest.mark.parametrize("column", ["seller_name", "buyer_name", "goods_en"])
def test_a_changed_name_is_found_and_an_erased_one_is_not_missed(app, column: str) -> None:
    fair = make_fair()
    told(fair)
    tamper(f"UPDATE deals SET {column} = 'Somebody else' WHERE number = 2")
    assert [problem for _seq, problem in problems(fair)] == ["name_differs"]
    tamper("UPDATE deals SET salt = '', seller_name = '', buyer_name = '', goods_en = '' WHERE number = 2")
    assert problems(fair) == []


def test_a_changed_note_is_found(app) -> None:
    fair = make_fair()
    deal, organiser = told(fair, 1)[0], make_actor(fair, Role.ORGANISER)
    with transaction():
        hold_deal(actor=organiser, deal=deal, note="odd")
    tamper("UPDATE deal_entry_notes SET text = 'fine'")
    assert [problem for _seq, problem in problems(fair)] == ["note_differs"]


def test_verification_from_the_page_tells_its_progress_and_names_what_it_finds(app, signed_in) -> None:
    fair = make_fair()
    told(fair)
    published(fair)
    page = signed_in(make_person(fair, Role.ORGANISER))
    address = f"/fairs/{fair.code}/desk/deals/ledger"
    page.press(address, f"{address}/verify")
    seen = page.get_page(address)
    assert "Whole" in seen and "Day 1" in seen and published_root(fair) in seen
    tamper("UPDATE deal_entries SET amount_minor = 7 WHERE seq = 3")
    page.press(address, f"{address}/verify")
    seen = page.get_page(address)
    assert "Broken from entry 3 on" in seen and "was changed after it was written" in seen
    newest = db.session.query(LedgerCheck).order_by(LedgerCheck.id.desc()).first()
    assert newest is not None and newest.problems[0][:2] == [3, "changed"]


def published_root(fair: Fair) -> str:
    return published_heads(fair.id)[0].root_hash


def test_an_exhibitor_downloads_its_receipt(app, signed_in, tmp_path: Path) -> None:
    fair, company = make_fair(), make_organisation()
    seller = make_exhibitor(fair, organisation=company)
    deal = declare(fair, seller=Side(exhibitor_id=seller.id))
    published(fair)
    page = signed_in(make_person(fair, Role.EXHIBITOR, company))
    address = f"/fairs/{fair.code}/my/deals/{deal.id}/receipt"
    assert f"{address}/1" in page.get_page(address).links.values()
    assert published_root(fair) in page.get_page(f"{address}/1")
    document = json.loads(page.download(f"{address}/1/file").data)
    assert verify_workbook.main(["--receipt", receipt_file(tmp_path, document), "--root", published_root(fair)]) == 0
    page.get_page(f"{address}/7", status=404)
    assert b"def main" in page.download(f"/fairs/{fair.code}/verify_workbook.py").data


def test_heads_published_are_in_the_order_of_the_ledger(app) -> None:
    fair = make_fair()
    told(fair, 2)
    published(fair, 1)
    declare(fair, buyer=Side(name="More", country="FR"))
    published(fair, 2)
    assert all(later.seq > earlier.seq for later, earlier in pairwise(published_heads(fair.id)))
