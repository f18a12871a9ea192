import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, EVERY_DAY, isOpen, level, OVERRIDABLE, PASSES } from "../../static/scanner/rules.js";

// What every case of tests/gates/cases.json becomes is tested in tests/scanner, for Python and JavaScript alike.

test("a badge is valid on the days whose bits it has, up to the 31st", () => {
  const onDay = (day, days) => decide({ day, days });
  assert.equal(onDay(1, 0b1), "admitted");
  assert.equal(onDay(2, 0b1), "wrong_day");
  assert.equal(onDay(2, 0b10), "admitted");
  assert.equal(onDay(31, 2 ** 30), "admitted");
  assert.equal(onDay(31, 2 ** 30 - 1), "wrong_day");
});

test("the highest bit of four bytes is no sign", () => {
  assert.equal(decide({ day: 32, days: 2 ** 31 }), "admitted");
  assert.equal(decide({ day: 1, days: 2 ** 31 }), "wrong_day");
});

test("on a day without fair only a badge for every day is valid", () => {
  const beforeTheFair = { day: 0, kind: "exhibitor" };
  assert.equal(decide({ ...beforeTheFair, days: EVERY_DAY }), "admitted");
  assert.equal(decide({ ...beforeTheFair, days: EVERY_DAY - 1 }), "wrong_day");
});

test("the first law that refuses gives the reason", () => {
  const everything = {
    proof: "bad_signature",
    gate_blocked: true,
    holder: "revoked",
    minute: 0,
    days: 0,
    admits: [],
    inside: true,
    rooms: [[1, 1, true]],
  };
  const order = ["proof", "gate_blocked", "holder", "minute", "days", "admits", "inside", "rooms"];
  const reasons = [];
  for (const cured of [...order, "nothing more"]) {
    reasons.push(decide(everything));
    delete everything[cured];
  }
  assert.deepEqual(reasons, [
    "bad_signature",
    "blocked",
    "revoked",
    "not_open",
    "wrong_day",
    "wrong_zone",
    "already_inside",
    "capacity",
    "admitted",
  ]);
});

test("a room is full at its capacity, not one before, and only with a hard stop", () => {
  const behind = (...rooms) => decide({ rooms });
  assert.equal(behind([99, 100, true]), "admitted");
  assert.equal(behind([100, 100, true]), "capacity");
  assert.equal(behind([100, 100, false]), "admitted");
  assert.equal(behind([100, 100, false], [5, 5, true]), "capacity");
});

test("nobody may override a code that proves nobody, and nobody needs to override a pass", () => {
  assert.deepEqual(
    [...PASSES, "unknown", "bad_signature"].filter((decision) => OVERRIDABLE.has(decision)),
    [],
  );
});

test("visitors come in from the minute of opening to the minute before closing", () => {
  const at = (minute) => isOpen(1, minute, 540, 1020);
  assert.deepEqual([539, 540, 1019, 1020].map(at), [false, true, true, false]);
  assert.equal(isOpen(0, 600, 540, 1020), false);
});

test("the lane is warned at 80, 90 and 100 per cent", () => {
  const steps = [79, 80, 89, 90, 99, 100, 140].map((inside) => level(inside, 100));
  assert.deepEqual(steps, [0, 80, 80, 90, 90, 100, 100]);
  assert.equal(level(7, 9), 0); // 77.8 per cent: never rounded up
  assert.equal(level(5, null), 0);
});
