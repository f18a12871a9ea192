import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyReader, MAX_KEY_GAP, MIN_CODE_LENGTH } from "../../static/scanner/keys.js";

/** Types keys `gap` ms apart; gives the codes that came out. */
function type(keys, gap, reader = new KeyReader(), start = 1000) {
  const pressed = keys.map((key, index) => reader.press(key, start + index * gap));
  return pressed.map(({ code }) => code).filter(Boolean);
}

test("a scanner's keys are one code, ended by Enter or by Tab", () => {
  assert.deepEqual(type([..."FA1:ABC.", "Enter"], 5), ["FA1:ABC."]);
  assert.deepEqual(type([..."FA1:ABC.", "Tab"], 5), ["FA1:ABC."]);
  assert.deepEqual(type([..."FA1:AB.", "Enter", ..."FA1:CD.", "Enter"], 5), ["FA1:AB.", "FA1:CD."]);
});

test("keys just quick enough are a scanner's, a millisecond slower a person's", () => {
  assert.equal(MAX_KEY_GAP, 120);
  assert.deepEqual(type([..."123456", "Enter"], 120), ["123456"]);
  assert.deepEqual(type([..."123456", "Enter"], 121), []);
});

test("a code has six letters at least", () => {
  assert.equal(MIN_CODE_LENGTH, 6);
  assert.deepEqual(type([..."12345", "Enter"], 5), []);
  assert.deepEqual(type([..."123456", "Enter"], 5), ["123456"]);
});

test("what was too short is no beginning of the next code", () => {
  assert.deepEqual(type([..."12345", "Enter", ..."FA1:AB.", "Enter"], 5), ["FA1:AB."]);
});

test("a pause within a code makes its end a code of its own", () => {
  const reader = new KeyReader();
  type([..."FA1:"], 5, reader);
  assert.deepEqual(type([..."ABCDEF", "Enter"], 5, reader, 5000), ["ABCDEF"]);
});

test("Shift and other keys without a letter neither count nor end a code", () => {
  assert.deepEqual(type(["Shift", "F", "A", "Shift", ..."1:AB.", "Enter"], 5), ["FA1:AB."]);
});

test("from the second quick key on the page hears nothing, and of an Enter that ends no code it does", () => {
  const reader = new KeyReader();
  assert.equal(reader.press("F", 1000).isOurs, false);
  assert.equal(reader.press(" ", 1005).isOurs, true); // would press the button that has the focus
  assert.equal(reader.press("Enter", 1010).isOurs, false);
  assert.equal(reader.press("Enter", 1015).isOurs, false);
  type([..."123456"], 5, reader, 3000);
  assert.deepEqual(reader.press("Enter", 3030), { code: "123456", isOurs: true });
});
