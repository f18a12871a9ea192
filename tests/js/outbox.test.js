import assert from "node:assert/strict";
import { test } from "node:test";
import { NoAnswer, Refused } from "../../static/scanner/api.js";
import { Clock } from "../../static/scanner/clock.js";
import { CLOCK_TOLERANCE, MAX_BATCH, MAX_FAILURES, Outbox } from "../../static/scanner/outbox.js";
import { makeApi, startServer } from "./server.js";
import { makeScan, openStore } from "./stores.js";

const OWN = { decision: "admitted", admitted: true, mode: "device", list_version: "v" };

/** An outbox before a server; `answer(ids, scans)` gives [status, body], or nothing to take the scans. */
async function makeOutbox(t, answer = () => {}) {
  const store = await openStore(t);
  const batches = [];
  const server = await startServer(t, async ({ body: { scans } }) => {
    const ids = scans.map(({ id }) => id);
    const refusal = await answer(ids, scans);
    if (!refusal) batches.push(ids);
    return refusal || [200, { scans: scans.map(({ id }) => ({ id })) }];
  });
  const reports = [];
  const clock = new Clock();
  const parts = { store, clock, api: makeApi(clock), url: server.url, onChange: (counts) => reports.push(counts) };
  return { outbox: new Outbox(parts), parts, store, clock, batches, reports, server };
}

const keepAll = async (outbox, ids, more = {}) => {
  for (const id of ids) await outbox.keep(makeScan(id, more));
};
const left = async (store) => (await store.scans()).map(({ id, refused }) => (refused ? [id, refused] : id));
const numbered = (count) => Array.from({ length: count }, (_, index) => `s${index}`);

// --- keeping ---

test("a scan is in the store before the server hears of it, and leaves when the server has acknowledged it", async (t) => {
  const seen = [];
  const { outbox, store } = await makeOutbox(t, async () => {
    seen.push(await left(store));
  });
  const scan = await outbox.keep(makeScan("a"));
  const answer = await outbox.ask(scan, 5000);
  assert.equal(answer.id, "a");
  assert.deepEqual(seen, [["a"]]);
  assert.deepEqual(await left(store), []);
});

test("a scan whose answer was lost stays, and goes out again under the same id and number", async (t) => {
  let isLost = true;
  const sent = [];
  const { outbox, parts, store } = await makeOutbox(t, (_ids, scans) => {
    sent.push(...scans.map(({ id, counter }) => [id, counter]));
    if (isLost) return [504, {}];
  });
  const scan = await outbox.keep(makeScan("a"));
  await assert.rejects(outbox.ask(scan, 5000), NoAnswer);
  isLost = false;
  const reloaded = new Outbox({ ...parts, store: await openStore(t, store.name) });
  await reloaded.flush();
  assert.deepEqual(sent, [
    ["a", 1],
    ["a", 1],
  ]);
  assert.deepEqual(await left(store), []);
});

test("what is kept is reported, and what was sent", async (t) => {
  const { outbox, reports } = await makeOutbox(t);
  await keepAll(outbox, ["a", "b"]);
  await outbox.flush();
  await outbox.report();
  assert.deepEqual(reports.at(-1), { waiting: 0, refused: 0 });
  assert.ok(reports.some(({ waiting }) => waiting === 2));
});

// --- the order of the queue ---

test("the queue goes out oldest first, 200 at a time", async (t) => {
  const { outbox, batches } = await makeOutbox(t);
  const ids = numbered(2 * MAX_BATCH + 1);
  await keepAll(outbox, ids);
  await outbox.flush();
  assert.equal(MAX_BATCH, 200);
  assert.deepEqual(batches, [ids.slice(0, 200), ids.slice(200, 400), ids.slice(400)]);
});

test("exactly 200 are one batch, and an empty queue asks nobody", async (t) => {
  const { outbox, batches } = await makeOutbox(t);
  await keepAll(outbox, numbered(MAX_BATCH));
  await outbox.flush();
  await outbox.flush();
  assert.deepEqual(
    batches.map((ids) => ids.length),
    [MAX_BATCH],
  );
});

test("two who empty the queue at once send it once", async (t) => {
  const { outbox, batches } = await makeOutbox(t);
  await keepAll(outbox, ["a", "b"]);
  await Promise.all([outbox.flush(), outbox.flush()]);
  assert.deepEqual(batches, [["a", "b"]]);
});

test("a scan for which somebody waits at the door is sent by nobody else until it is released", async (t) => {
  const { outbox, batches } = await makeOutbox(t);
  const held = makeScan("held");
  outbox.hold(held);
  await outbox.keep(held);
  await outbox.keep(makeScan("free"));
  await outbox.flush();
  assert.deepEqual(batches, [["free"]]);
  outbox.release(held);
  await outbox.flush();
  assert.deepEqual(batches, [["free"], ["held"]]);
});

test("when the way breaks in the middle, what was acknowledged is gone and the rest waits in its order", async (t) => {
  let calls = 0;
  const { outbox, store } = await makeOutbox(t, () => {
    calls += 1;
    if (calls === 2) return [503, {}];
  });
  const ids = numbered(450);
  await keepAll(outbox, ids);
  await assert.rejects(outbox.flush(), NoAnswer);
  assert.deepEqual(await left(store), ids.slice(200));
});

// --- the server does not take a scan ---

for (const [status, code] of [
  [400, "invalid_input"],
  [403, "not_your_gate"],
  [404, ""],
  [413, "too_large"],
  [422, "invalid_input"],
]) {
  test(`one scan that is refused with ${status} is set aside and keeps no other back`, async (t) => {
    const { outbox, store, batches } = await makeOutbox(t, (ids) => ids.includes("bad") && [status, { code }]);
    const ids = ["a", "b", "bad", "c", "d", "e", "f"];
    await keepAll(outbox, ids);
    await outbox.flush();
    assert.deepEqual(batches.flat(), ["a", "b", "c", "d", "e", "f"]);
    assert.deepEqual(await left(store), [["bad", code || String(status)]]);
    assert.deepEqual(await outbox.counts(), { waiting: 0, refused: 1 });
  });
}

test("among 450 scans the one wrong is found, and no other is sent twice", async (t) => {
  const { outbox, store, batches } = await makeOutbox(t, (ids) => ids.includes("s333") && [422, { code: "x" }]);
  const ids = numbered(450);
  await keepAll(outbox, ids);
  await outbox.flush();
  assert.deepEqual(
    batches.flat(),
    ids.filter((id) => id !== "s333"),
  );
  assert.deepEqual(await left(store), [["s333", "x"]]);
});

test("what was set aside is not sent again by itself, only when somebody asks for it", async (t) => {
  let isMended = false;
  const { outbox, store, batches } = await makeOutbox(t, () => !isMended && [422, { code: "x" }]);
  await keepAll(outbox, ["a"]);
  await outbox.flush();
  isMended = true;
  await outbox.flush();
  assert.deepEqual(await left(store), [["a", "x"]]);
  await outbox.tryAgain();
  assert.deepEqual(batches, [["a"]]);
  assert.deepEqual(await outbox.counts(), { waiting: 0, refused: 0 });
});

test("who is signed out sends nothing and sets nothing aside", async (t) => {
  const { outbox, store } = await makeOutbox(t, () => [401, {}]);
  await keepAll(outbox, ["a", "b"]);
  await assert.rejects(outbox.flush(), (error) => error instanceof Refused && error.status === 401);
  assert.deepEqual(await left(store), ["a", "b"]);
});

// --- the server fails ---

for (const status of [429, 502, 503, 504]) {
  test(`a ${status} is the way's fault: however often, no scan is set aside`, async (t) => {
    const { outbox, store } = await makeOutbox(t, () => [status, {}]);
    await keepAll(outbox, ["a"]);
    for (let round = 0; round <= MAX_FAILURES; round += 1) await assert.rejects(outbox.flush(), NoAnswer);
    assert.deepEqual(await left(store), ["a"]);
  });
}

test("a server that hangs up is the way's fault too", async (t) => {
  const { outbox, store, server } = await makeOutbox(t);
  await keepAll(outbox, ["a"]);
  await server.stop();
  for (let round = 0; round <= MAX_FAILURES; round += 1) await assert.rejects(outbox.flush(), NoAnswer);
  assert.deepEqual(await left(store), ["a"]);
});

test("a scan over which the server itself breaks is set aside in the fifth round, not before", async (t) => {
  let isMended = false;
  const { outbox, store, batches } = await makeOutbox(t, (ids) => !isMended && ids.includes("bad") && [500, {}]);
  await keepAll(outbox, ["a", "bad", "c", "d"]);
  for (let round = 1; round < MAX_FAILURES; round += 1) {
    await assert.rejects(outbox.flush(), NoAnswer);
    assert.equal((await outbox.counts()).refused, 0, `round ${round}`);
  }
  await outbox.flush();
  assert.equal(MAX_FAILURES, 5);
  assert.deepEqual(await left(store), [["bad", "500"]]);
  assert.deepEqual(batches.flat(), ["a", "c", "d"]);
  isMended = true;
  await outbox.tryAgain();
  assert.deepEqual(batches.flat(), ["a", "c", "d", "bad"]);
});

test("a scan that is tried again has all its rounds before it", async (t) => {
  const { outbox, store } = await makeOutbox(t, () => [500, {}]);
  await keepAll(outbox, ["a"]);
  for (let round = 1; round < MAX_FAILURES; round += 1) await assert.rejects(outbox.flush(), NoAnswer);
  await outbox.flush();
  await assert.rejects(outbox.tryAgain(), NoAnswer);
  assert.deepEqual(await left(store), ["a"]);
});

// --- a withdrawn device ---

const revokedUnlessDecided = (_ids, scans) =>
  scans.some(({ decided }) => !decided) ? [401, { code: "device_revoked" }] : undefined;

test("a withdrawn device hands in what it decided; what it only asked is set aside", async (t) => {
  const { outbox, store, batches } = await makeOutbox(t, revokedUnlessDecided);
  await keepAll(outbox, ["a", "b"], { decided: OWN });
  await keepAll(outbox, ["asked"]);
  await keepAll(outbox, ["c"], { decided: OWN });
  await outbox.flush();
  assert.deepEqual(batches, [["a", "b", "c"]]);
  assert.deepEqual(await left(store), [["asked", "device_revoked"]]);
});

test("one that may not even hand in keeps all and says so", async (t) => {
  const { outbox, store } = await makeOutbox(t, () => [401, { code: "device_revoked" }]);
  await keepAll(outbox, ["a"], { decided: OWN });
  await keepAll(outbox, ["asked"]);
  await assert.rejects(outbox.flush(), (error) => error.code === "device_revoked");
  assert.deepEqual(await left(store), ["a", ["asked", "device_revoked"]]);
});

// --- the clock ---

test("a scan goes out with the time at which the clock stood right then and now: two seconds are no change", async (t) => {
  const { outbox, clock } = await makeOutbox(t);
  clock.offset = 0;
  const at = "2021-03-18T02:00:00.000Z";
  const sentAt = (offset) => outbox.toWire(makeScan("a", { at, offset, counter: 1 })).at;
  assert.equal(CLOCK_TOLERANCE, 2000);
  assert.equal(sentAt(2000), at);
  assert.equal(sentAt(-2000), at);
  assert.equal(sentAt(2001), "2021-03-18T02:00:02.001Z");
  assert.equal(sentAt(600_000), "2021-03-18T02:10:00.000Z");
  assert.equal(sentAt(-600_000), "2021-03-18T01:50:00.000Z");
});

test("a scan kept before any server was heard, or while none is, keeps the device's own time", async (t) => {
  const { outbox, clock } = await makeOutbox(t);
  const early = await outbox.keep(makeScan("a"));
  assert.equal(early.offset, null);
  clock.offset = 600_000;
  assert.equal(outbox.toWire(early).at, early.at);
  clock.offset = null;
  assert.equal(outbox.toWire({ ...early, offset: 600_000 }).at, early.at);
});

test("the server gets what it must know and nothing of how the scan was kept", async (t) => {
  const { outbox } = await makeOutbox(t);
  const stored = { ...makeScan("a", { decided: OWN, override_reason: "VIP" }), counter: 7, offset: 0 };
  const sent = outbox.toWire({ ...stored, refused: "x", failures: 2 });
  const { offset: _offset, ...wanted } = stored;
  assert.deepEqual(JSON.parse(JSON.stringify(sent)), wanted);
});
