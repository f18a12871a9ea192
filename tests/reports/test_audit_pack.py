"""The audit pack, as an auditor opens it: counted again from its files alone."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from fairapp.core.data.db import db
from fairapp.core.data.files import StoredFile
from fairapp.core.jobs.queue import LongTask, TaskState
from fairapp.fairs.models import Fair
from fairapp.reports.audit_pack.build import SAMPLE_SIZE, Pack, masked_name
from fairapp.reports.figures import current_figures
from tests.demo_fair import command
from tests.reports.test_views import reader

PAGE = "/fairs/cbec2021/desk/reports/counting/"


@pytest.fixture(scope="module")
def pack(demo_app: APIFlask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    path = tmp_path_factory.mktemp("pack") / "pack.zip"
    done = command(demo_app, "audit-pack", "cbec2021", "-o", str(path))
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(path) as archive:
        yield archive


def table(pack: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.read(name).decode("utf-8-sig"), newline="")))


def test_the_manifest_names_every_other_file_with_its_hash(pack: zipfile.ZipFile) -> None:
    lines = [line.split("  ") for line in pack.read("MANIFEST.sha256").decode().splitlines()]
    assert {name for _hash, name in lines} | {"MANIFEST.sha256"} == set(pack.namelist())
    for digest, name in lines:
        assert hashlib.sha256(pack.read(name)).hexdigest() == digest, name


def test_the_figures_come_out_again_from_the_files(pack: zipfile.ZipFile, fair: Fair) -> None:
    stated = json.loads(pack.read("about.json"))["figures"]
    assert stated["reported"] == stated["recomputed"] == current_figures(fair)["visitors"]
    excluded = {row["record"] for row in table(pack, "exclusions.csv")}
    counts_as = {row["record"]: row["counts_as"] for row in table(pack, "registrations.csv")}
    entries = [row for row in table(pack, "scans.csv") if row["admitted"] == "1" and row["direction"] == "entry"]
    people = {counts_as[row["record"]] for row in entries}
    assert len(people - excluded) == stated["reported"]["unique_visitors"]
    assert len({(counts_as[row["record"]], row["local_day"]) for row in entries}) == stated["reported"]["attendance"]
    merged = {row["record"]: row["counts_as"] for row in table(pack, "merged.csv")}
    assert all(counts_as[gone] == remaining for gone, remaining in merged.items())


def test_the_sample_is_drawn_by_its_seed_and_names_alone_are_open_there(pack: zipfile.ZipFile) -> None:
    seed = json.loads(pack.read("about.json"))["sample"]["seed"]
    sample = table(pack, "sample.csv")
    assert 0 < len(sample) <= SAMPLE_SIZE
    for row in sample:
        record = bytes.fromhex(row["record"].replace("-", ""))
        assert hashlib.sha256(bytes.fromhex(seed) + record).hexdigest() == row["draw"]
    assert [row["draw"] for row in sample] == sorted(row["draw"] for row in sample)
    assert all(set(row["name"][1:]) <= {"*"} for row in table(pack, "registrations.csv"))
    assert any("*" not in row["name"] for row in sample)


def test_the_same_state_gives_the_same_bytes(demo_app: APIFlask, pack: zipfile.ZipFile, tmp_path: Path) -> None:
    command(demo_app, "audit-pack", "cbec2021", "-o", str(tmp_path / "again.zip"))
    assert (tmp_path / "again.zip").read_bytes() == Path(str(pack.filename)).read_bytes()


def test_a_pack_belongs_to_its_maker_and_goes_after_some_days(demo_app: APIFlask, fair: Fair) -> None:
    client = reader(demo_app, "organiser")
    page = client.press(PAGE, f"{PAGE}audit-pack")
    tasks = db.session.query(LongTask).filter_by(fair_id=fair.id, kind="audit_pack")
    task = tasks.order_by(LongTask.id.desc()).first()
    assert task is not None and task.state == TaskState.DONE
    file = db.session.get_one(StoredFile, (fair.id, task.file_id))
    assert file.expires_at is not None and file.owner_id == task.owner_id
    progress = client.open(f"{page.url}/progress").json
    assert progress is not None
    assert client.download(progress["url"]).data.startswith(b"PK")
    assert reader(demo_app, "verifier").open(progress["url"]).status_code == 404


def test_a_name_is_masked_to_its_first_letter() -> None:
    assert [masked_name(name) for name in ("张三", "Anna", "")] == ["张*", "A***", ""]


@pytest.mark.parametrize("typed", ["=cmd()", "+1", "-1", "@x", "\t=1"])
def test_what_a_visitor_typed_is_never_a_formula(typed: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        Pack(archive, lambda _done: None).table("t.csv", ("name", "flag", "none"), [(typed, True, None)])
    assert table(zipfile.ZipFile(out), "t.csv") == [{"name": f"'{typed}", "flag": "1", "none": ""}]
