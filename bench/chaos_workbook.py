"""A workbook under attack: every changed cell is found and named, from the file alone."""

import io
import random
import tempfile
from pathlib import Path

from bench import Figures, runs, workbook_forging, workbook_tampering
from bench.bench_desk import flask, make_demo_fair
from fairapp.reports.verify_workbook import check_workbook

PLACES = 100


@runs(1)
def chaos_tampered_workbook() -> Figures:
    """Each kind at PLACES random places of a small fair's workbook."""
    with tempfile.TemporaryDirectory() as folder:
        make_demo_fair(Path(folder), "small")
        path = Path(folder) / "fair.xlsx"
        flask(Path(folder), "workbook", "cbec2021", "-o", str(path))
        content = path.read_bytes()
    checked = check_workbook(io.BytesIO(content))
    assert not checked.findings, [str(finding) for finding in checked.findings[:5]]
    file = workbook_tampering.open_file(content, random.Random(1))
    for kind, tamper in workbook_forging.KINDS.items():
        for _ in range(PLACES):
            changed, where = tamper(file)
            findings = check_workbook(io.BytesIO(changed)).findings
            assert any(finding.where.startswith(where) for finding in findings), (
                kind,
                where,
                [str(finding) for finding in findings[:3]],
            )
    kinds = len(workbook_forging.KINDS)
    return {"kinds": kinds, "tamperings": kinds * PLACES, "found": kinds * PLACES, "entries": checked.entries}
