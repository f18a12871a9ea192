import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../static/scanner/clock.js";
import { FIRST_RETRY, MAX_RETRY, Sync, setUpToken, USUAL_WAIT } from "../../static/scanner/device.js";
import { Knowledge } from "../../static/scanner/knowledge.js";
import { Lane } from "../../static/scanner/lane.js";
import { Outbox } from "../../static/scanner/outbox.js";
import { makeList } from "./badges.js";
import { makeApi, startServer } from "./server.js";
import { makeScan, openStore } from "./stores.js";

/** A device before a server whose answers a test may replace by path. */
async function makeDevice(t, answers = {}) {
  const replies = {
    contact: () => [200, { expires_at: null }],
    scans: ({ body }) => [200, { scans: body.scans }],
    list: () => [200, makeList()],
    roster: () => [200, { roster: [], next: null, cursor: "end" }],
    ...answers,
  };
  const server = await startServer(t, (request, response) =>
    replies[request.url.slice(1).split("?")[0]](request, response),
  );
  const urls = Object.fromEntries(Object.keys(replies).map((name) => [name, `${server.url}/${name}`]));
  const store = await openStore(t);
  const knowledge = await Knowledge.load(store);
  const clock = new Clock();
  const api = makeApi(clock);
  const outbox = new Outbox({ store, clock, api, url: urls.scans, onChange: () => {} });
  const lane = new Lane({ outbox, clock, onMode: () => {} });
  const calls = { states: 0, revoked: 0 };
  const sync = new Sync({
    ...{ urls, api, outbox, lane, knowledge, store, clock },
    version: async () => "v1",
    onState: () => (calls.states += 1),
    onRevoked: () => (calls.revoked += 1),
  });
  t.after(() => clearTimeout(sync.timer));
  const asked = () => server.requests.map(({ url }) => url.slice(1));
  return { sync, store, knowledge, outbox, lane, clock, calls, replies, asked, server };
}

test("a set-up token is read from a link, from a piece of one, and bare", () => {
  const token = "fae.ABCdef-123_456~789";
  assert.equal(setUpToken(`https://fair.example/fairs/x/scanner/#set-up=${token}`), token);
  assert.equal(setUpToken(`#set-up=${token}`), token);
  assert.equal(setUpToken(`  ${token}\n`), token);
  assert.equal(setUpToken("a".repeat(15)), "");
  assert.equal(setUpToken("a".repeat(16)), "a".repeat(16));
  assert.equal(setUpToken("a".repeat(201)), "");
  for (const text of ["", "#set-up=", "FA1:ABC DEF GHI JKL.", "https://fair.example/scanner/"]) {
    assert.equal(setUpToken(text), "", text);
  }
});

test("a round tells how the device is, hands in, then fetches the list and the names", async (t) => {
  const { sync, outbox, asked, server, knowledge, store } = await makeDevice(t);
  await outbox.keep(makeScan("a"));
  await sync.now();
  assert.deepEqual(asked(), ["contact", "scans", "list", "roster"]);
  const { body } = server.requests[0];
  assert.deepEqual([body.queue, body.version, body.list_version, body.battery], [1, "v1", null, null]);
  assert.equal(knowledge.ready, true);
  assert.deepEqual(await store.fact("roster"), { cursor: "end", complete: true, day: "2021-03-18" });
});

test("the next round asks only for what changed since", async (t) => {
  const { sync, asked } = await makeDevice(t);
  await sync.now();
  await sync.now();
  assert.deepEqual(asked().slice(3), ["contact", "list?since=k3Yw-20210318-1616032800000", "roster?after=end"]);
});

test("no list is fetched while scans wait: it would not know them", async (t) => {
  const { sync, outbox, asked, knowledge } = await makeDevice(t);
  const held = makeScan("held");
  outbox.hold(held);
  await outbox.keep(held);
  await sync.now();
  assert.equal(asked().includes("list"), false);
  assert.equal(knowledge.ready, false);
});

test("a server that comes back decides again; one that is slow at the contact does not", async (t) => {
  const { sync, lane, replies } = await makeDevice(t);
  lane.turnTo("device");
  replies.contact = () => new Promise((done) => setTimeout(done, 900, [200, { expires_at: null }]));
  await sync.now();
  assert.equal(lane.mode, "device");
  replies.contact = () => [200, { expires_at: null }];
  await sync.now();
  assert.equal(lane.mode, "server");
});

test("failures are retried after 2, 4, 8, 16 and then 30 seconds; what works is asked every 20", async (t) => {
  const { sync, replies, lane } = await makeDevice(t, { contact: () => [503, {}] });
  const waits = [];
  for (let round = 0; round < 6; round += 1) {
    await sync.round();
    waits.push(sync.wait);
  }
  assert.deepEqual(waits, [FIRST_RETRY, 4000, 8000, 16_000, MAX_RETRY, MAX_RETRY]);
  assert.deepEqual([FIRST_RETRY, MAX_RETRY, lane.mode], [2000, 30_000, "device"]);
  replies.contact = () => [200, { expires_at: null }];
  await sync.round();
  assert.deepEqual([sync.wait, USUAL_WAIT, lane.mode], [20_000, 20_000, "server"]);
});

test("a key that the server does not know is said, and taken back when it knows it again", async (t) => {
  const { sync, replies, calls } = await makeDevice(t, { contact: () => [401, {}] });
  await sync.round();
  assert.deepEqual([sync.unknown, sync.over, calls.revoked], [true, false, 0]);
  replies.contact = () => [200, { expires_at: null }];
  await sync.round();
  assert.equal(sync.unknown, false);
});

test("who asks while a round runs gets another one after it, not a second beside it", async (t) => {
  const { sync, asked } = await makeDevice(t);
  const first = sync.now();
  const second = sync.now();
  assert.equal(first, second);
  await first;
  while (asked().length < 6) await new Promise((done) => setTimeout(done, 10));
  await sync.running;
  assert.deepEqual(
    asked().filter((url) => url === "contact"),
    ["contact", "contact"],
  );
});

test("a withdrawn device drops names and list at once, says so once, and keeps its scans", async (t) => {
  const { sync, store, outbox, replies, calls, asked } = await makeDevice(t);
  await sync.now();
  await store.putSealed([["h", "sealed"]]);
  await store.putInside([["h", "", 600]], []);
  await store.putOwn("h", [""], { inside: true, day: "2021-03-18", at: 0 });
  await outbox.keep(makeScan("a"));
  replies.contact = () => [401, { code: "device_revoked" }];
  await sync.now();
  const before = asked().length;
  await sync.now();
  sync.soon();
  assert.deepEqual([sync.over, calls.revoked, asked().length], [true, 1, before]);
  assert.deepEqual(
    await Promise.all(["roster", "inside", "own", "scans"].map((name) => store.count(name))),
    [0, 0, 0, 1],
  );
  assert.notEqual(await store.fact("revoked_at"), undefined);
});

test("a device ends with its fair by the server's time, without being told", async (t) => {
  const end = Date.now() + 60_000;
  const { sync, clock, calls, asked, replies } = await makeDevice(t);
  replies.contact = () => [200, { expires_at: new Date(end).toISOString() }];
  await sync.round();
  clock.offset = end - Date.now() - 5000;
  await sync.round();
  assert.deepEqual([sync.over, asked().length], [false, 6]);
  clock.offset = end - Date.now() + 1;
  await sync.round();
  assert.deepEqual([sync.over, calls.revoked, asked().length], [true, 1, 6]);
});

// --- the names ---

const pages = {
  "": { roster: [["a", "1"]], next: "p2" },
  p2: { roster: [["b", "2"]], next: null, cursor: "end" },
  end: { roster: [], next: null, cursor: "end" },
};
const page = ({ url }) => [200, pages[new URL(url, "http://x").searchParams.get("after") ?? ""]];

test("names come page by page, and a load that broke off goes on where it was", async (t) => {
  let isBroken = true;
  const { sync, store, asked } = await makeDevice(t, {
    roster: (request) => (isBroken && request.url.includes("p2") ? [503, {}] : page(request)),
  });
  await sync.round();
  assert.deepEqual(await store.fact("roster"), { cursor: "p2", complete: false, day: "2021-03-18" });
  isBroken = false;
  await sync.round();
  assert.deepEqual(await store.fact("roster"), { cursor: "end", complete: true, day: "2021-03-18" });
  assert.deepEqual(
    asked().filter((url) => url.startsWith("roster")),
    ["roster", "roster?after=p2", "roster?after=p2"],
  );
});

test("on another day all names come anew, and those that did not are gone", async (t) => {
  const { sync, store } = await makeDevice(t, { roster: page });
  await store.putSealed([
    ["erased", "x"],
    ["a", "old"],
  ]);
  await store.setFact("roster", { cursor: "end", complete: true, day: "2021-03-17" });
  await sync.round();
  assert.deepEqual(await Promise.all(["erased", "a", "b"].map((hash) => store.sealed(hash))), [undefined, "1", "2"]);
  assert.deepEqual(await store.fact("roster"), { cursor: "end", complete: true, day: "2021-03-18" });
});

test("a whole load that breaks off drops nobody before it has seen all", async (t) => {
  let isBroken = true;
  const { sync, store } = await makeDevice(t, {
    roster: (request) => (isBroken && request.url.includes("p2") ? [503, {}] : page(request)),
  });
  await store.putSealed([["b", "old"]]);
  await store.setFact("roster", { cursor: "end", complete: true, day: "2021-03-17" });
  await sync.round();
  assert.equal(await store.sealed("b"), "old");
  assert.equal((await store.fact("roster")).day, "2021-03-17");
  isBroken = false;
  await sync.round();
  assert.equal(await store.sealed("b"), "2");
  assert.equal((await store.fact("roster")).day, "2021-03-18");
});
