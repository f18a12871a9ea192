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
        from fairapp.gates.devices.offline_list import text_of
        from fairapp.gates.scanning.gate_settings import lanes_of

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
          const { Clock } = await import("/static/scanner/clock.js");
          const at = "2021-03-18T02:00:00.000Z";
          const outbox = new Outbox({ clock: { offset: 0 } });
          const known = [0, 600_000, -600_000, 900].map((offset) => outbox.wire({ at, offset }).at);
          // ten minutes off, which nobody had told the phone yet when it kept the scan
          const early = new Outbox({ store: { addScan: (scan) => scan }, clock: new Clock() });
          early.tell = () => {};
          const kept = await early.keep({ at });
          early.clock.learn(0, 100, new Date(600_050).toISOString());
          return [...known, early.wire(kept).at];
        }"""
    )
    assert sent == [
        f"2021-03-18T{clock}.000Z" for clock in ("02:00:00", "02:10:00", "01:50:00", "02:00:00", "02:00:00")
    ]


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


OUTBOX = """
  const [{ Outbox }, { MemoryStore }, { Refused, Silence }] = await Promise.all(
    ["outbox", "store", "line"].map((name) => import(`/static/scanner/${name}.js`)));
  const store = new MemoryStore();
  const taken = [];
  const line = {};
  const outbox = new Outbox({ store, line, clock: { offset: 0 }, url: "", onChange: () => {} });
  const decided = { decision: "admitted", admitted: true };
  const keep = (id, more) => outbox.keep({ id, at: new Date().toISOString(), ...more });
  const took = (scans) => (taken.push(...scans.map((scan) => scan.id)), { scans });
"""


def test_a_withdrawn_phone_hands_in_what_it_decided_beside_what_it_only_asked(
    gate_server: GateServer, open_page
) -> None:
    taken, left = opened(open_page(), gate_server).evaluate(
        f"""async () => {{ {OUTBOX}
          line.ask = async (_url, {{ body: {{ scans }} }}) => {{
            if (scans.some((scan) => !scan.decided)) throw new Refused(401, {{ code: "device_revoked" }});
            return took(scans);
          }};
          for (const one of ["a", "b", "asked", "c"]) await keep(one, one === "asked" ? {{}} : {{ decided }});
          await outbox.flush();
          return [taken, await store.scans()];
        }}"""
    )
    assert taken == ["a", "b", "c"]
    assert [(scan["id"], scan["refused"]) for scan in left] == [("asked", "device_revoked")]


def test_a_scan_over_which_the_server_breaks_is_set_aside_and_can_be_sent_again(
    gate_server: GateServer, open_page
) -> None:
    """Only after several rounds: the server may break over any scan, and then none is set aside."""
    rounds, aside, after = opened(open_page(), gate_server).evaluate(
        f"""async () => {{ {OUTBOX}
          let mended = false;
          line.ask = async (_url, {{ body: {{ scans }} }}) => {{
            if (!mended && scans.some((scan) => scan.id === "bad")) throw new Silence("500", 500);
            return took(scans);
          }};
          for (const one of ["a", "bad", "c", "d"]) await keep(one, {{ decided }});
          let rounds = 0;
          while ((await outbox.counts()).waiting && rounds < 20) {{
            rounds += 1;
            await outbox.flush().catch(() => {{}});
          }}
          const aside = [...taken, (await outbox.counts()).refused];
          mended = true;
          await outbox.tryAgain();
          return [rounds, aside, [...taken, (await store.scans()).length]];
        }}"""
    )
    assert rounds == 5
    assert aside == ["a", "c", "d", 1]
    assert after == ["a", "c", "d", "bad", 0]


def test_nobody_else_sends_a_scan_before_its_decision_is_kept(gate_server: GateServer, open_page) -> None:
    """The server is silent, the phone takes its time to decide, and meanwhile the outbox is emptied."""
    sent, answers = opened(open_page(), gate_server).evaluate(
        f"""async () => {{ {OUTBOX}
          const {{ Lane }} = await import("/static/scanner/lane.js");
          const sent = [];
          let silent = true;
          line.ask = async (_url, {{ body: {{ scans }} }}) => {{
            if (silent) throw new Silence("no answer");
            sent.push(...scans.map((scan) => scan.decided?.list_version ?? "undecided"));
            return {{ scans }};
          }};
          const decider = {{ knowledge: {{ ready: true, list: {{ version: "k3Yw-20210318-1616040000000" }} }} }};
          decider.answer = async () => {{
            silent = false;
            await outbox.flush();
            return {{ ...decided, byDevice: true }};
          }};
          decider.learn = async () => {{ throw new DOMException("full", "QuotaExceededError"); }};
          const clock = {{ now: () => 0, offset: 0 }};
          const lane = new Lane({{ outbox, clock, decider, onMode: () => {{}} }});
          const own = await lane.answer({{ code: "X" }});
          await outbox.flush();
          lane.turnTo("server");
          const theirs = await lane.answer({{ code: "Y" }}); // and a full disk does not hide the answer
          return [sent, [own.byDevice, Boolean(theirs.byDevice)]];
        }}"""
    )
    assert sent == ["k3Yw-20210318-1616040000000", "undecided"]
    assert answers == [True, False]


def test_erased_names_leave_the_phone_daily_and_the_device_ends_with_its_fair(
    gate_server: GateServer, open_page
) -> None:
    names, ended = opened(open_page(), gate_server).evaluate(
        """async () => {
          const [{ Store }, { Sync }] = await Promise.all(["store", "device"].map((name) => import(`/static/scanner/${name}.js`)));
          const store = await Store.open("only-for-this-test");
          await store.putSealed([["erased", "x"], ["corrected", "y"]]);
          await store.setFact("roster", { cursor: "1", complete: true, day: "2021-03-18" });
          const pages = { "/roster": { roster: [["corrected", "z"]], next: "2" }, "/roster?after=2": { roster: [["new", "n"]], next: null, cursor: "3" } };
          let ended = 0;
          const line = { ask: async (url) => pages[url] };
          const clock = { now: () => Date.parse("2021-03-22T00:00:01+08:00") };
          const knowledge = { day: "2021-03-19" };
          const more = { onState: () => {}, onRevoked: () => (ended += 1) };
          const sync = new Sync({ urls: { roster: "/roster" }, line, store, clock, knowledge, ...more });
          await sync.fetchRoster();
          const names = await store.database.getAllKeys("roster");
          await store.setFact("expires_at", "2021-03-22T00:00:00+08:00");
          await sync.now();
          await sync.now(); // the network came back: it is over all the same, and only once
          return [names, [ended, await store.count("roster")]];
        }"""
    )
    assert names == ["corrected", "new"]
    assert ended == [1, 0]
