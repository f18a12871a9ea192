import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../../static/scanner/ids.js";

test("an id is a UUIDv7 of its millisecond", () => {
  const id = newId(0x0178_4367_3c00);
  assert.match(id, /^01784367-3c00-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("ids of later moments are higher, and two of one moment differ", () => {
  assert.ok(newId(1_616_040_000_000) < newId(1_616_040_000_001));
  assert.notEqual(newId(5), newId(5));
});
