import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { atTheFair, Clock, minutesOf } from "../../static/scanner/clock.js";

const iso = (moment) => new Date(moment).toISOString();

test("the offset is measured at the middle of the trip", () => {
  const clock = new Clock();
  assert.equal(clock.offset, null);
  clock.learn(0, 100, iso(600_050));
  assert.equal(clock.offset, 600_000);
});

test("a slower answer measures no better", () => {
  const clock = new Clock();
  clock.learn(0, 100, iso(600_050));
  clock.learn(1000, 5000, iso(604_900)); // would be 601,900
  assert.equal(clock.offset, 600_000);
  clock.learn(6000, 6100, iso(606_060)); // as quick as the best: the newer one stands
  assert.equal(clock.offset, 600_010);
});

test("an answer quicker than 50 ms does not make later ones of 50 ms worse", () => {
  const clock = new Clock();
  clock.learn(0, 2, iso(1));
  clock.learn(1000, 1050, iso(1035));
  assert.equal(clock.offset, 10);
  clock.learn(2000, 2051, iso(2100));
  assert.equal(clock.offset, 10);
});

test("a clock that was put right is believed by a slow answer too, beyond its trip and a second", () => {
  const atDistance = (distance) => {
    const clock = new Clock();
    clock.learn(0, 100, iso(50)); // nothing off
    clock.learn(10_000, 10_400, iso(10_200 + distance));
    return clock.offset;
  };
  assert.equal(atDistance(1400), 0);
  assert.equal(atDistance(1401), 1401);
  assert.equal(atDistance(-1401), -1401);
});

test("an offset kept from before is replaced by the first answer", () => {
  const clock = new Clock(5000);
  clock.learn(0, 900, iso(450 + 5500));
  assert.equal(clock.offset, 5500);
});

test("the server's time is the device's and the offset, and the device's alone before any answer", (t) => {
  mock.timers.enable({ apis: ["Date"], now: 1_616_040_000_000 });
  t.after(() => mock.timers.reset());
  assert.equal(new Clock().now(), 1_616_040_000_000);
  assert.equal(new Clock(-1500).now(), 1_616_039_998_500);
});

test("day, minute and number of the day are those of the clock at the fair", () => {
  const fair = { time_zone: "Asia/Shanghai", starts_on: "2021-03-18", ends_on: "2021-03-20" };
  const at = (text) => Object.values(atTheFair(Date.parse(text), fair));
  assert.deepEqual(at("2021-03-17T15:59:59Z"), ["2021-03-17", 1439, 0]);
  assert.deepEqual(at("2021-03-17T16:00:00Z"), ["2021-03-18", 0, 1]);
  assert.deepEqual(at("2021-03-18T15:59:59Z"), ["2021-03-18", 1439, 1]);
  assert.deepEqual(at("2021-03-20T15:59:00Z"), ["2021-03-20", 1439, 3]);
  assert.deepEqual(at("2021-03-20T16:00:00Z"), ["2021-03-21", 0, 0]);
});

test("days are counted alike over a night in which clocks are put forward", () => {
  const fair = { time_zone: "Europe/Berlin", starts_on: "2021-03-27", ends_on: "2021-03-29" };
  const at = (text) => Object.values(atTheFair(Date.parse(text), fair));
  assert.deepEqual(at("2021-03-28T00:59:00Z"), ["2021-03-28", 119, 2]);
  assert.deepEqual(at("2021-03-28T01:00:00Z"), ["2021-03-28", 180, 2]);
  assert.deepEqual(at("2021-03-28T22:00:00Z"), ["2021-03-29", 0, 3]);
});

test("hours are minutes of the day", () => {
  assert.deepEqual(["00:00", "09:30", "23:59"].map(minutesOf), [0, 570, 1439]);
});
