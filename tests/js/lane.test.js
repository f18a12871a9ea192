import assert from "node:assert/strict";
import { test } from "node:test";
import { NoAnswer, Refused } from "../../static/scanner/api.js";
import { Clock } from "../../static/scanner/clock.js";
import { toBase64 } from "../../static/scanner/code.js";
import { Decider } from "../../static/scanner/decider.js";
import { Knowledge } from "../../static/scanner/knowledge.js";
import { DECIDABLE_TIMEOUT, Lane, UNDECIDABLE_TIMEOUT } from "../../static/scanner/lane.js";
import { Outbox } from "../../static/scanner/outbox.js";
import { makeList, makeSigner } from "./badges.js";
import { makeApi, startServer } from "./server.js";
import { openStore } from "./stores.js";

const OPEN_ALL_DAY = { opens_at: "00:00", closes_at: "23:59" };
const signer = await makeSigner();
const badge = await signer.sign({ codeId: new Uint8Array(16).fill(1), category: "EXH" });
const REQUEST = { code: badge, gate: "G1", direction: "entry", method: "scanner" };

/** A lane whose device has a list (or none), before a server that answers with `answer(scans)`. */
async function makeLane(t, answer, { withList = true } = {}) {
  const store = await openStore(t);
  const knowledge = await Knowledge.load(store);
  if (withList) {
    const list = makeList({ keys: [{ id: 1, public: toBase64(signer.publicKey) }] });
    await knowledge.apply({ ...list, fair: { ...list.fair, ...OPEN_ALL_DAY } });
  }
  const server = await startServer(t, ({ body }, response) => answer(body.scans, response));
  const clock = new Clock();
  const outbox = new Outbox({ store, clock, api: makeApi(clock), url: server.url, onChange: () => {} });
  const modes = [];
  const lane = new Lane({ outbox, clock, decider: new Decider(knowledge), onMode: (mode) => modes.push(mode) });
  return { lane, outbox, store, knowledge, modes, server };
}

const admit = (scans) => [
  200,
  { scans: scans.map(({ id }) => ({ id, decision: "admitted", admitted: true, at: "2021-03-18T02:00:00Z" })) },
];
const dayFree = { ...REQUEST, direction: "exit" }; // leaving is allowed at any time

test("a server that answers in time decides, and nothing stays in the store", async (t) => {
  const { lane, store, modes } = await makeLane(t, admit);
  const answer = await lane.answer(REQUEST);
  assert.deepEqual([answer.decision, answer.byDevice], ["admitted", undefined]);
  assert.deepEqual(await store.scans(), []);
  assert.deepEqual([lane.mode, modes], ["server", []]);
});

test("what the server let pass the device knows when the network goes", async (t) => {
  const { lane, store, knowledge } = await makeLane(t, admit);
  await lane.answer(REQUEST);
  assert.equal(await store.count("own"), 1);
  assert.equal(knowledge.moved.get(""), 1);
});

test("after 800 ms without an answer the device decides, and keeps its decision with the list it went by", async (t) => {
  const { lane, store, modes } = await makeLane(t, () => {});
  const started = performance.now();
  const answer = await lane.answer(dayFree);
  const waited = performance.now() - started;
  assert.equal(DECIDABLE_TIMEOUT, 800);
  assert.ok(waited >= 780 && waited < 2500, String(waited));
  assert.deepEqual([answer.decision, answer.byDevice], ["admitted", true]);
  const [scan] = await store.scans();
  assert.equal(scan.id, answer.id);
  assert.deepEqual(scan.decided, {
    decision: "admitted",
    admitted: true,
    mode: "device",
    list_version: "k3Yw-20210318-1616032800000",
  });
  assert.deepEqual(modes, ["device"]);
});

test("where the device has no list it waits 4 s for the server, then nobody can say; the scan is kept", async (t) => {
  const { lane, store, modes } = await makeLane(t, () => {}, { withList: false });
  const started = performance.now();
  await assert.rejects(lane.answer(dayFree), NoAnswer);
  const waited = performance.now() - started;
  assert.equal(UNDECIDABLE_TIMEOUT, 4000);
  assert.ok(waited >= 3900 && waited < 6000, String(waited));
  assert.equal((await store.scans())[0].decided, undefined);
  assert.deepEqual(modes, ["device"]);
});

test("a person without a code is for the server alone to know", async (t) => {
  const { lane } = await makeLane(t, () => [503, {}]);
  await assert.rejects(lane.answer({ badge: "b", gate: "G1", direction: "entry", method: "search" }), NoAnswer);
});

test("once the device decides it asks nobody, until it is turned back", async (t) => {
  const { lane, server, modes } = await makeLane(t, admit);
  lane.turnTo("device");
  assert.equal((await lane.answer(dayFree)).byDevice, true);
  assert.equal(server.requests.length, 0);
  lane.turnTo("server");
  assert.equal((await lane.answer(dayFree)).byDevice, undefined);
  lane.turnTo("server");
  assert.deepEqual(modes, ["device", "server"]);
});

for (const status of [500, 502, 503, 429]) {
  test(`a server that answers ${status} is as good as none: the device decides`, async (t) => {
    const { lane, store } = await makeLane(t, () => [status, {}]);
    assert.equal((await lane.answer(dayFree)).byDevice, true);
    assert.equal((await store.scans())[0].decided.admitted, true);
  });
}

test("a refused request is no scan: nothing is kept, and the device does not decide in its place", async (t) => {
  const { lane, store, modes } = await makeLane(t, () => [403, { code: "not_your_gate" }]);
  await assert.rejects(lane.answer(dayFree), (error) => error instanceof Refused && error.code === "not_your_gate");
  assert.deepEqual(await store.scans(), []);
  assert.deepEqual(modes, []);
});

test("a refusal that another sign-in may cure leaves the scan for later", async (t) => {
  const { lane, store } = await makeLane(t, () => [401, {}]);
  await assert.rejects(lane.answer(dayFree), Refused);
  assert.equal((await store.scans()).length, 1);
});

test("nobody else sends a scan before its decision is kept", async (t) => {
  const sent = [];
  let isSilent = true;
  const { lane, outbox } = await makeLane(t, (scans) => {
    if (isSilent) return [503, {}];
    sent.push(...scans.map(({ decided }) => decided?.list_version ?? "undecided"));
    return admit(scans);
  });
  const { decider } = lane;
  const decide = decider.answer.bind(decider);
  decider.answer = async (...question) => {
    isSilent = false;
    await outbox.flush(); // another round, while the phone takes its time
    return decide(...question);
  };
  await lane.answer(dayFree);
  assert.deepEqual(sent, []);
  await outbox.flush();
  assert.deepEqual(sent, ["k3Yw-20210318-1616032800000"]);
});

test("a full disk does not hide the server's answer", async (t) => {
  const { lane, store } = await makeLane(t, admit);
  store.putOwn = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  assert.equal((await lane.answer(REQUEST)).admitted, true);
});

test("an answered scan that the phone has no room to let go of stays and is sent again", async (t) => {
  const { lane, outbox, store, server } = await makeLane(t, admit);
  const remove = store.removeScans.bind(store);
  store.removeScans = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  await assert.rejects(lane.answer(REQUEST), DOMException);
  store.removeScans = remove;
  await outbox.flush();
  const ids = server.requests.map(({ body }) => body.scans[0].id);
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(await store.scans(), []);
});
