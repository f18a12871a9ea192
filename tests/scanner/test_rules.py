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


def test_the_servers_time_is_learned_from_quick_answers(gate_server: GateServer, open_page) -> None:
    """[sent, received, the server's time] in ms: ten minutes off, a slow answer, then the clock is put right."""
    offsets = opened(open_page(), gate_server).evaluate(
        """async (answers) => {
          const { Clock } = await import("/static/scanner/clock.js");
          const clock = new Clock();
          return answers.map(([sent, received, server]) => {
            clock.learn(sent, received, new Date(server).toISOString());
            return clock.offset;
          });
        }""",
        [[0, 100, 600_050], [1000, 5000, 604_900], [700_000, 700_060, 700_030]],
    )
    assert offsets == [600_000, 600_000, 0]


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


def test_a_clock_put_right_later_moves_no_scan(gate_server: GateServer, open_page) -> None:
    """The server adds the clock's error of the moment of sending; a scan kept under another error says so."""
    sent = opened(open_page(), gate_server).evaluate(
        """async () => {
          const { Outbox } = await import("/static/scanner/outbox.js");
          const at = "2021-03-18T02:00:00.000Z";
          const outbox = new Outbox({ clock: { offset: 0 } });
          return [0, 600_000, -600_000, 900].map((offset) => outbox.wire({ at, offset }).at);
        }"""
    )
    assert sent == [f"2021-03-18T{clock}.000Z" for clock in ("02:00:00", "02:10:00", "01:50:00", "02:00:00")]


def test_one_scan_that_is_not_taken_keeps_no_other_back(gate_server: GateServer, open_page) -> None:
    """Refused ones are set aside and still kept; the rest goes through, however many there are."""
    left = opened(open_page(), gate_server).evaluate(
        """async () => {
          const [{ Outbox }, { MemoryStore }, { Refused }] = await Promise.all(
            ["outbox", "store", "line"].map((name) => import(`/static/scanner/${name}.js`)));
          const store = new MemoryStore();
          const taken = [];
          const line = { ask: async (_url, { body }) => {
            if (body.scans.some((scan) => scan.id === "bad")) throw new Refused(422, { code: "invalid_input" });
            taken.push(...body.scans.map((scan) => scan.id));
            return { scans: body.scans };
          } };
          const outbox = new Outbox({ store, line, clock: { offset: 0 }, url: "", onChange: () => {} });
          for (let one = 0; one < 450; one += 1) await outbox.keep({ id: one === 333 ? "bad" : `s${one}`, at: new Date().toISOString() });
          await outbox.flush();
          return { taken: new Set(taken).size, twice: taken.length, left: await store.scans() };
        }"""
    )
    assert (left["taken"], left["twice"]) == (449, 449)
    assert [(scan["id"], scan["refused"]) for scan in left["left"]] == [("bad", "invalid_input")]


def test_a_badge_before_the_camera_is_use_of_the_phone(gate_server: GateServer, open_page) -> None:
    """The lock counts idle minutes, and a camera touches nothing; also while another answer is on its way."""
    told = opened(open_page(), gate_server).evaluate(
        """async () => {
          const { Gate } = await import("/static/scanner/gate.js");
          let told = 0;
          await Gate.prototype.scan.call({ busy: true, onScan: () => (told += 1) }, { code: "X", method: "camera" });
          return told;
        }"""
    )
    assert told == 1
