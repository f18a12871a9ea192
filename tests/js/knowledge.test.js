import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, toBase64 } from "../../static/scanner/code.js";
import { Knowledge, OVERLAP } from "../../static/scanner/knowledge.js";
import { hashOf, makeGate, makeList, ROSTER_KEY, sealName } from "./badges.js";
import { makeScan, openStore } from "./stores.js";

const DAY = "2021-03-18";
const NEXT_DAY = "2021-03-19";
const AS_OF = Date.parse("2021-03-18T02:00:00Z");
const ZONES = [
  { code: "N", capacity: 20, hard_stop: false, inside: 5 },
  { code: "S", capacity: null, hard_stop: true, inside: 93 },
];
const HALLS = {
  zones: ZONES,
  gates: [makeGate("N1", { zone: "N" }), makeGate("S1", { zone: "S" })],
  doors: [makeGate("N2", { zone: "N", outer: false })],
};

async function knowing(t, more = {}) {
  const store = await openStore(t);
  const knowledge = await Knowledge.load(store);
  await knowledge.apply(makeList(more));
  return { store, knowledge };
}

test("without a list a device knows nothing, and says so", async (t) => {
  const knowledge = await Knowledge.load(await openStore(t));
  assert.equal(knowledge.ready, false);
  assert.throws(() => knowledge.list, /no list/);
  await assert.rejects(knowledge.hash(new Uint8Array(16)), /no list/);
});

test("the list outlives a reload of the page, and so do the withdrawn badges", async (t) => {
  const { store } = await knowing(t, { revoked: ["h"] });
  const reloaded = await Knowledge.load(await openStore(t, store.name));
  assert.equal(reloaded.ready, true);
  assert.deepEqual([reloaded.day, reloaded.asOf], [DAY, AS_OF]);
  assert.deepEqual([...reloaded.revoked], ["h"]);
  assert.equal(await reloaded.hash(new Uint8Array(16)), await hashOf(new Uint8Array(16)));
});

test("a list is one of the day at the fair, not of the day in UTC", async (t) => {
  const { knowledge } = await knowing(t, { as_of: "2021-03-17T16:30:00Z" });
  assert.equal(knowledge.day, DAY);
});

test("a badge is named by the first eight bytes of its HMAC under the roster's key", async (t) => {
  const { knowledge } = await knowing(t);
  const codeId = Uint8Array.from({ length: 16 }, (_, index) => index);
  assert.deepEqual(knowledge.salt, ROSTER_KEY);
  assert.equal(await knowledge.hash(codeId), await hashOf(codeId));
  assert.equal((await knowledge.hash(codeId)).length, 11);
});

// --- differences ---

test("differences add and take away; a badge in both stays withdrawn", async (t) => {
  const { knowledge } = await knowing(t, { revoked: ["a", "b"] });
  await knowledge.apply(
    makeList({ full: false, revoked: { add: ["b", "c"], remove: ["a", "b"] }, inside: { add: [], remove: [] } }),
  );
  assert.deepEqual([...knowledge.revoked].sort(), ["b", "c"]);
});

test("differences to who is inside leave the others, and applied twice they do no harm", async (t) => {
  const { knowledge, store } = await knowing(t, {
    inside: [
      ["stays", "G1", 600],
      ["leaves", "G1", 601],
    ],
  });
  const changes = makeList({
    full: false,
    revoked: { add: [], remove: [] },
    inside: { add: [["comes", "G2", 610]], remove: ["leaves", "comes"] },
  });
  for (let time = 0; time < 2; time += 1) await knowledge.apply(changes);
  const inside = async (hash) => (await knowledge.standing(hash, "", DAY)).inside;
  assert.deepEqual(await Promise.all(["stays", "leaves", "comes"].map(inside)), [true, false, true]);
  assert.equal(await store.count("inside"), 2);
});

test("a whole list forgets who was inside before", async (t) => {
  const { knowledge } = await knowing(t, { inside: [["a", "G1", 600]] });
  await knowledge.apply(makeList({ inside: [["b", "G1", 610]] }));
  assert.deepEqual(await knowledge.standing("a", "", DAY), { inside: false, entered: false });
});

test("one is inside all that a gate leads into, and a gate of another zone tells nothing of this one", async (t) => {
  const { knowledge } = await knowing(t, {
    ...HALLS,
    inside: [
      ["a", "N1", 600],
      ["b", "N2", 600],
      ["c", "gone", 600],
    ],
  });
  const inside = async (hash) => {
    const standings = await Promise.all(["", "N", "S"].map((scope) => knowledge.standing(hash, scope, DAY)));
    return standings.map((standing) => standing.inside);
  };
  assert.deepEqual(await inside("a"), [true, true, false]);
  assert.deepEqual(await inside("b"), [false, true, false]); // N2 is a door inside the fair
  assert.deepEqual(await inside("c"), [false, false, false]); // no gate of this fair
});

// --- where somebody stands ---

test("of list and own passage the younger counts; one up to five seconds older than the list may be missing in it", async (t) => {
  assert.equal(OVERLAP, 5000);
  const leftAt = async (at) => {
    const { knowledge, store } = await knowing(t, { inside: [["a", "G1", 600]] });
    await store.putOwn("a", [""], { inside: false, day: DAY, at });
    return knowledge.standing("a", "", DAY);
  };
  assert.deepEqual(await leftAt(AS_OF - 5000), { inside: false, entered: true });
  assert.deepEqual(await leftAt(AS_OF - 5001), { inside: true, entered: true });
});

test("who left by this gate long ago was in today all the same", async (t) => {
  const { knowledge, store } = await knowing(t);
  await store.putOwn("a", [""], { inside: true, day: DAY, at: AS_OF - 60_000 });
  assert.deepEqual(await knowledge.standing("a", "", DAY), { inside: false, entered: true });
});

test("a day begins with nobody inside", async (t) => {
  const { knowledge } = await knowing(t, { inside: [["listed", "G1", 600]] });
  await knowledge.passed("own", "G1", "entry", DAY, AS_OF);
  for (const hash of ["listed", "own"]) {
    assert.equal((await knowledge.standing(hash, "", DAY)).inside, true);
    assert.deepEqual(await knowledge.standing(hash, "", NEXT_DAY), { inside: false, entered: false });
  }
});

test("a new list keeps the own passages that it may not know yet, and drops the older ones", async (t) => {
  const { knowledge, store } = await knowing(t);
  await knowledge.passed("old", "G1", "entry", DAY, AS_OF);
  await knowledge.passed("young", "G1", "entry", DAY, AS_OF + 55_000);
  await knowledge.apply(makeList({ as_of: "2021-03-18T02:01:00Z" }));
  assert.equal(await store.count("own"), 1);
  assert.equal((await knowledge.standing("young", "", DAY)).inside, true);
});

// --- crowds ---

test("a gate into a hall of a fair without a perimeter moves both crowds", async (t) => {
  const { knowledge } = await knowing(t, HALLS);
  assert.deepEqual(knowledge.rooms("S1", DAY), [[98, 100, true]]);
  await knowledge.passed("a", "N1", "entry", DAY, AS_OF);
  await knowledge.passed("a", "S1", "entry", DAY, AS_OF); // inside the fair already
  await knowledge.passed("b", "S1", "entry", DAY, AS_OF);
  assert.deepEqual(knowledge.rooms("S1", DAY), [[100, 100, true]]);
  assert.deepEqual(knowledge.rooms("N1", DAY), [
    [100, 100, true],
    [6, 20, false],
  ]);
  assert.deepEqual(knowledge.rooms("N2", DAY), [[6, 20, false]]);
  assert.deepEqual(knowledge.rooms("N1", NEXT_DAY), [
    [2, 100, true],
    [1, 20, false],
  ]);
  assert.deepEqual(knowledge.rooms("unknown", DAY), []);
  assert.equal(knowledge.crowd, 100);
});

test("the same passage twice moves a crowd once, and nobody leaves an empty fair", async (t) => {
  const { knowledge } = await knowing(t, { inside_count: 0 });
  for (let time = 0; time < 2; time += 1) await knowledge.passed("a", "G1", "entry", DAY, AS_OF);
  assert.equal(knowledge.crowd, 1);
  await knowledge.passed("a", "G1", "exit", DAY, AS_OF);
  await knowledge.passed("stranger", "G1", "exit", DAY, AS_OF);
  assert.equal(knowledge.crowd, 0);
  knowledge.move("", false);
  assert.equal(knowledge.crowd, 0);
});

test("a crowd without a limit is no room", async (t) => {
  const { knowledge } = await knowing(t, { capacity: null });
  assert.deepEqual(knowledge.rooms("G1", DAY), []);
});

test("a new list knows the crowd; after a reload the scans that wait still move it", async (t) => {
  const { knowledge, store } = await knowing(t);
  const decided = { decision: "admitted", admitted: true, mode: "device", list_version: "v" };
  await store.addScan(makeScan("in", { decided }));
  await store.addScan(makeScan("in too", { decided, gate: "G2" }));
  await store.addScan(makeScan("out", { decided, direction: "exit" }));
  await store.addScan(makeScan("refused", { decided: { ...decided, decision: "wrong_day", admitted: false } }));
  await store.addScan(makeScan("asked"));
  assert.equal((await Knowledge.load(store)).crowd, 99);
  knowledge.move("", true);
  await knowledge.apply(makeList());
  assert.equal(knowledge.crowd, 98);
});

// --- names ---

test("a sealed name opens to who holds the badge, and to nobody else", async (t) => {
  const { knowledge, store } = await knowing(t);
  const codeId = new Uint8Array(16).fill(3);
  const sealed = await sealName(codeId, ["Qiming", "Hengtai", "EXH", "E-1"]);
  await store.putSealed([["h", sealed]]);
  const person = { name: "Qiming", company: "Hengtai", category: "EXH", number: "E-1" };
  assert.deepEqual(await knowledge.person("h", codeId), person);
  assert.deepEqual(await knowledge.person("h", new Uint8Array(16).fill(4)), {});
  assert.deepEqual(await knowledge.person("other", codeId), {});
});

test("a name damaged on the way is no name and breaks nothing", async (t) => {
  const { knowledge, store } = await knowing(t);
  const codeId = new Uint8Array(16).fill(3);
  const bytes = fromBase64(await sealName(codeId, ["Qiming", "", "", ""]));
  bytes[20] ^= 1;
  await store.putSealed([
    ["changed", toBase64(bytes)],
    ["short", "AAAA"],
    ["odd", "*"],
  ]);
  for (const hash of ["changed", "short", "odd"]) assert.deepEqual(await knowledge.person(hash, codeId), {});
});
