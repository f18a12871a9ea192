import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { checkPin, FIRST_WAIT, FREE_TRIES, isPin, MAX_WAIT, setPin, waitAfter } from "../../static/scanner/pin.js";
import { openStore } from "./stores.js";

const START = Date.parse("2021-03-18T02:00:00Z");

async function makeGuarded(t) {
  mock.timers.enable({ apis: ["Date"], now: START });
  t.after(() => mock.timers.reset());
  const store = await openStore(t);
  await setPin(store, "4711");
  return { store, check: (pin) => checkPin(store, pin) };
}

const wrongTries = async (check, times) => {
  for (let time = 0; time < times; time += 1) assert.equal(await check("0000"), false);
};

test("a PIN has four to eight digits of ASCII", () => {
  const good = ["0000", "12345678"];
  const bad = ["123", "123456789", "12a4", " 1234", "1234\n", "１２３４", ""];
  assert.deepEqual(good.map(isPin), [true, true]);
  assert.deepEqual(bad.filter(isPin), []);
});

test("where none was set every PIN is right", async (t) => {
  assert.equal(await checkPin(await openStore(t), "4711"), true);
});

test("the PIN itself is nowhere in the store, and two phones with one PIN keep different hashes", async (t) => {
  const stores = [await openStore(t), await openStore(t)];
  for (const store of stores) await setPin(store, "4711");
  const [first, second] = await Promise.all(stores.map((store) => store.fact("pin")));
  assert.match(first.hash, /^[0-9a-f]{64}$/);
  assert.notEqual(first.hash, second.hash);
  assert.doesNotMatch(JSON.stringify(first), /4711/);
});

test("the right one opens, a wrong one does not", async (t) => {
  const { check } = await makeGuarded(t);
  assert.equal(await check("4711"), true);
  assert.equal(await check("4712"), false);
  assert.equal(await check("4711"), true);
});

test("after four wrong ones the right one still opens, after the fifth one waits 15 seconds", async (t) => {
  const { check } = await makeGuarded(t);
  assert.equal(FREE_TRIES, 4);
  await wrongTries(check, 4);
  assert.equal(await check("4711"), true);
  await wrongTries(check, 5);
  assert.equal(await check("4711"), false);
  mock.timers.setTime(START + FIRST_WAIT - 1);
  assert.equal(await check("4711"), false);
  mock.timers.setTime(START + FIRST_WAIT);
  assert.equal(await check("4711"), true);
});

test("tries during the wait do not count", async (t) => {
  const { check } = await makeGuarded(t);
  await wrongTries(check, 30);
  mock.timers.setTime(START + FIRST_WAIT);
  assert.equal(await check("4711"), true);
});

test("what is no PIN at all is no try", async (t) => {
  const { check, store } = await makeGuarded(t);
  for (let time = 0; time < 10; time += 1) assert.equal(await check("FA1:ABCD"), false);
  assert.equal(await store.fact("pin_failures"), undefined);
});

test("each wait is twice as long, up to a quarter of an hour", () => {
  const waits = [0, 4, 5, 6, 7, 10, 11, 50].map(waitAfter);
  assert.deepEqual(waits, [0, 0, 15_000, 30_000, 60_000, 480_000, MAX_WAIT, MAX_WAIT]);
  assert.equal(MAX_WAIT, 900_000);
});

test("the wait outlives a reload, and a clock set far back locks nobody out for long", async (t) => {
  const { check, store } = await makeGuarded(t);
  await wrongTries(check, 5);
  assert.equal(await checkPin(await openStore(t, store.name), "4711"), false);
  mock.timers.setTime(START + FIRST_WAIT - MAX_WAIT);
  assert.equal(await check("4711"), false);
  mock.timers.setTime(START + FIRST_WAIT - MAX_WAIT - 1);
  assert.equal(await check("4711"), true);
});
