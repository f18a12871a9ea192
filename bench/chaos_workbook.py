"""A workbook under attack: every changed cell is found and named, from the file alone."""

import io
import random
import tempfile
from pathlib import Path

from bench import Figures, runs, workbook_forging, workbook_tampering
from bench.bench_desk import flask, told
from fairapp.reports.verify_workbook import check_workbook

PLACES = 100


@runs(1)
def chaos_tampered_workbook() -> Figures:
    """Each kind at PLACES random places of a small fair's workbook."""
    with tempfile.TemporaryDirectory() as folder:
        told(Path(folder), "small")
        path = Path(folder) / "fair.xlsx"
        flask(Path(folder), "workbook", "cbec2021", "-o", str(path))
        content = path.read_bytes()
    kept = check_workbook(io.BytesIO(content))
    assert not kept.findings, [str(one) for one in kept.findings[:5]]
    file = workbook_tampering.opened(content, random.Random(1))
    for kind, tamper in workbook_forging.KINDS.items():
        for _ in range(PLACES):
            changed, where = tamper(file)
            found = check_workbook(io.BytesIO(changed)).findings
            assert any(one.where.startswith(where) for one in found), (kind, where, [str(one) for one in found[:3]])
    kinds = len(workbook_forging.KINDS)
    return {"kinds": kinds, "tamperings": kinds * PLACES, "found": kinds * PLACES, "entries": kept.entries}
