"""The device's decision is the server's: the same cases, the same codes, with and without the browser's own Ed25519."""

import json
from pathlib import Path

from playwright.sync_api import Page

from tests.scanner.conftest import GateServer

CASES = json.loads((Path(__file__).parent.parent / "gates" / "cases.json").read_text())

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


def test_no_mutated_code_is_believed_by_either_cryptography(gate_server: GateServer, open_page) -> None:
    def key_of(fair) -> tuple[int, str]:
        from fairapp.gates.devices.offline_list import base64url
        from fairapp.gates.scanning.settings_cache import gate_settings

        return fair.id, base64url(gate_settings(fair.id).keys[0].public)

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


def test_a_badge_before_the_camera_is_use_of_the_phone(gate_server: GateServer, open_page) -> None:
    """The lock counts idle minutes, and a camera touches nothing; also while another answer is on its way."""
    heard = opened(open_page(), gate_server).evaluate(
        """async () => {
          const { Gate } = await import("/static/scanner/gate.js");
          let heard = 0;
          await Gate.prototype.scan.call({ busy: true, onScan: () => (heard += 1) }, { code: "X", method: "camera" });
          return heard;
        }"""
    )
    assert heard == 1
