import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../static/scanner/store.js";
import { makeScan, openStore } from "./stores.js";

const ids = (scans) => scans.map(({ id }) => id);

test("scans get running numbers that are never given twice, also after all were sent and the page was opened anew", async (t) => {
  const store = await openStore(t);
  assert.equal((await store.addScan(makeScan("b"))).counter, 1);
  assert.equal((await store.addScan(makeScan("a"))).counter, 2);
  await store.removeScans(["a", "b"]);
  const reopened = await openStore(t, store.name);
  assert.equal((await reopened.addScan(makeScan("c"))).counter, 3);
  assert.deepEqual(await reopened.scans(), [makeScan("c", { counter: 3 })]);
});

test("scans kept at once get numbers of their own", async (t) => {
  const store = await openStore(t);
  const all = await Promise.all(["a", "b", "c", "d"].map((id) => store.addScan(makeScan(id))));
  assert.deepEqual(all.map(({ counter }) => counter).sort(), [1, 2, 3, 4]);
});

test("a scan and its number are written together, and to the disk before they are acknowledged", async (t) => {
  const store = await openStore(t);
  const { prototype } = IDBDatabase;
  const asked = [];
  const { transaction } = prototype;
  prototype.transaction = function record(tables, mode, options) {
    asked.push({ tables, mode, ...options });
    return transaction.call(this, tables, mode, options);
  };
  t.after(() => {
    prototype.transaction = transaction;
  });
  await store.addScan(makeScan("a"));
  assert.deepEqual(asked, [{ tables: ["scans", "facts"], mode: "readwrite", durability: "strict" }]);
});

test("scans are read in the order of their numbers, whatever their ids", async (t) => {
  const store = await openStore(t);
  const order = Array.from({ length: 12 }, (_, index) => `id-${99 - index}`);
  for (const id of order) await store.addScan(makeScan(id));
  assert.deepEqual(ids(await store.scans()), order);
});

test("a scan that is put again is changed, not doubled", async (t) => {
  const store = await openStore(t);
  const scan = await store.addScan(makeScan("a"));
  await store.putScans([{ ...scan, refused: "invalid_input" }]);
  assert.deepEqual(await store.scans(), [{ ...scan, refused: "invalid_input" }]);
  assert.equal(await store.count("scans"), 1);
});

test("a fact that was never set is undefined; null and false are facts", async (t) => {
  const store = await openStore(t);
  assert.equal(await store.fact("token"), undefined);
  await store.setFact("offset", null);
  assert.equal(await store.fact("offset"), null);
  await store.setFact("offset", 0);
  assert.equal(await store.fact("offset"), 0);
});

test("names that a whole load did not see are dropped", async (t) => {
  const store = await openStore(t);
  await store.putSealed([
    ["erased", "x"],
    ["corrected", "y"],
  ]);
  await store.putSealed([["corrected", "z"]]);
  await store.keepSealed(new Set(["corrected", "new"]));
  assert.deepEqual(await Promise.all(["erased", "corrected"].map((hash) => store.sealed(hash))), [undefined, "z"]);
});

test("who is inside stands by hash and scope, and goes by the whole hash alone", async (t) => {
  const store = await openStore(t);
  const listed = async (hash, scope) => (await store.standing(hash, scope)).listed;
  await store.putInside(
    [
      ["a", "", 600],
      ["a", "VIP", 610],
      ["ab", "", 620],
    ],
    [],
  );
  await store.putInside([["c", "", 630]], ["a"]);
  assert.deepEqual(await Promise.all([listed("a", ""), listed("a", "VIP")]), [undefined, undefined]);
  assert.deepEqual(await Promise.all([listed("ab", ""), listed("c", "")]), [620, 630]);
});

test("first the rows of the hashes that go, then those that come: one that is in both stays with its new row", async (t) => {
  const store = await openStore(t);
  await store.putInside([["a", "VIP", 600]], []);
  await store.putInside([["a", "", 610]], ["a"]);
  assert.deepEqual(await store.standing("a", "VIP"), { listed: undefined, own: undefined });
  assert.deepEqual(await store.standing("a", ""), { listed: 610, own: undefined });
});

test("a whole list replaces all that was inside", async (t) => {
  const store = await openStore(t);
  await store.putInside([["a", "", 600]], []);
  await store.putInside([["b", "", 610]], null);
  assert.equal(await store.count("inside"), 1);
  assert.equal((await store.standing("b", "")).listed, 610);
});

test("own passages older than a moment are forgotten, one of that moment is not", async (t) => {
  const store = await openStore(t);
  for (const at of [999, 1000, 1001]) await store.putOwn(String(at), [""], { inside: true, day: "2021-03-18", at });
  await store.forgetOwnBefore(1000);
  const own = await Promise.all(["999", "1000", "1001"].map((hash) => store.standing(hash, "")));
  assert.deepEqual(
    own.map((standing) => standing.own?.at),
    [undefined, 1000, 1001],
  );
});

test("after a wipe the database is gone", async (t) => {
  const store = await openStore(t);
  await store.addScan(makeScan("a"));
  await store.setFact("token", "fad.secret");
  await store.wipe();
  assert.ok(!(await indexedDB.databases()).some(({ name }) => name === store.name));
});

test("without a database scans are kept in order, and their numbers are not given twice either", async () => {
  const store = new MemoryStore();
  assert.equal(store.forgets, true);
  for (const id of ["b", "a"]) await store.addScan(makeScan(id));
  await store.removeScans(["b"]);
  assert.equal((await store.addScan(makeScan("c"))).counter, 3);
  assert.deepEqual(ids(await store.scans()), ["a", "c"]);
  assert.equal(await store.count("scans"), 2);
});
