"""The device's decision is the server's: the same cases, the same codes, with and without the browser's own Ed25519."""

import json
from pathlib import Path

from playwright.sync_api import Page

from tests.scanner.conftest import GateServer

CASES = json.loads((Path(__file__).parent.parent / "gates" / "cases.json").read_text())
HOURS = [("", "2021-03-17T16:00:00Z", ["2021-03-18", 0, 1]), ("", "2021-03-18T15:59:59Z", ["2021-03-18", 1439, 1])]
HOURS += [("", "2021-03-20T16:00:00Z", ["2021-03-21", 0, 0]), ("", "2021-03-17T15:59:00Z", ["2021-03-17", 1439, 0])]

PROVE = """async ([codes, fairId, key, without]) => {
  if (without) {
    const own = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = (form, data, how, ...rest) =>
      how === "Ed25519" ? Promise.reject(new DOMException("no", "NotSupportedError")) : own(form, data, how, ...rest);
  }
  const { prove, fromBase64 } = await import("/static/scanner/code.js");
  const keys = new Map([[1, fromBase64(key)]]);
  return Promise.all(codes.map(async (code) => (await prove(code, { fairId, keys })).proof));
}"""


def opened(page: Page, server: GateServer) -> Page:
    page.goto(server.app)
    page.wait_for_selector("[data-ready]")
    return page


def test_every_case_of_the_table_is_decided_alike(gate_server: GateServer, open_page) -> None:
    decided = opened(open_page(), gate_server).evaluate(
        """async (cases) => { const { decide } = await import("/static/scanner/rules.js");
             return cases.map(({ facts }) => decide(facts)); }""",
        CASES,
    )
    wrong = [(case["says"], now) for case, now in zip(CASES, decided, strict=True) if now != case["decision"]]
    assert wrong == []


def test_the_fairs_clock_is_read_alike(gate_server: GateServer, open_page) -> None:
    read = opened(open_page(), gate_server).evaluate(
        """async (moments) => { const { atTheFair } = await import("/static/scanner/clock.js");
             const fair = { time_zone: "Asia/Shanghai", starts_on: "2021-03-18", ends_on: "2021-03-20" };
             return moments.map((text) => Object.values(atTheFair(Date.parse(text), fair))); }""",
        [moment for _, moment, _ in HOURS],
    )
    assert read == [wanted for _, _, wanted in HOURS]


def test_no_mutated_code_is_believed_by_either_cryptography(gate_server: GateServer, open_page) -> None:
    def key_of(fair) -> tuple[int, str]:
        from fairapp.gates.lanes import lanes_of
        from fairapp.gates.offline_list import text_of

        return fair.id, text_of(lanes_of(fair).keys[0].public)

    code = gate_server.codes[-1]
    fair_id, key = gate_server.inside(key_of)
    mutated = [code[:at] + ("7" if code[at] != "7" else "8") + code[at + 1 :] for at in range(4, len(code) - 1, 2)]
    mutated += [code[:-1], code + " ", code.lower(), code[:4] + " " + code[4:], "", "FA1:."]
    for without in (False, True):
        asked = [[code, gate_server.odd["foreign"], *mutated], fair_id, key, without]
        proofs = opened(open_page(), gate_server).evaluate(PROVE, asked)
        assert proofs[:2] == ["genuine", "unknown"]
        assert "genuine" not in proofs[2:]
        assert "bad_signature" in proofs[2:]
