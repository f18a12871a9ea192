import assert from "node:assert/strict";
import { before, test } from "node:test";
import { decode, fromBase45, fromBase64, MAX_LENGTH, prove, toBase64 } from "../../static/scanner/code.js";
import { codeText, makeHead, makeSigner, toBase45 } from "./badges.js";

const utf8 = new TextEncoder();
const SIGNATURE = new Uint8Array(64).fill(9);
let signer;

before(async () => {
  signer = await makeSigner();
});

test("Base45 is that of RFC 9285", () => {
  const examples = { BB8: "AB", "%69 VD92EX0": "Hello!!", UJCLQE7W581: "base-45", QED8WEX0: "ietf!" };
  for (const [encoded, text] of Object.entries(examples)) assert.deepEqual(fromBase45(encoded), utf8.encode(text));
  assert.deepEqual(fromBase45(""), new Uint8Array());
});

test("there is one text for each code: what overflows, has a letter too few or a foreign one is none", () => {
  assert.deepEqual(fromBase45("FGW"), Uint8Array.from([255, 255]));
  assert.equal(fromBase45("GGW"), null);
  assert.deepEqual(fromBase45("U5"), Uint8Array.from([255]));
  assert.equal(fromBase45("V5"), null);
  for (const text of ["A", "BB8A", "bb8", "BB_", "ÄB8", "🎫B"]) assert.equal(fromBase45(text), null, text);
});

test("a code says what was written into it", () => {
  const codeId = Uint8Array.from({ length: 16 }, (_, index) => 200 + index);
  const head = makeHead({ fair: 0xfedcba98, key: 255, codeId, days: 0x80000001, issue: 65_535, category: "展" });
  const code = decode(codeText(head, SIGNATURE));
  assert.deepEqual(code, {
    fair: 0xfedcba98,
    key: 255,
    codeId,
    days: 0x80000001,
    issue: 65_535,
    category: "展",
    signed: Uint8Array.from([...utf8.encode("FA1:"), ...head]),
    signature: SIGNATURE,
  });
});

test("a category has 1 to 20 bytes of UTF-8", () => {
  const read = (category) => decode(codeText(makeHead({ category }), SIGNATURE))?.category;
  assert.equal(read(""), undefined);
  assert.equal(read("A"), "A");
  assert.equal(read("A".repeat(20)), "A".repeat(20));
  assert.equal(read("A".repeat(21)), undefined);
  assert.equal(read(Uint8Array.from([0xff])), undefined);
  assert.equal(read("\ufeffA"), "\ufeffA"); // a mark of byte order is a letter as any other
});

test("the longest code is as long as a code may be", () => {
  const text = codeText(makeHead({ category: "A".repeat(20) }), SIGNATURE);
  assert.equal(text.length, MAX_LENGTH);
  assert.notEqual(decode(text), null);
});

test("a code is whole: its prefix, its full stop, nothing around them", () => {
  const text = codeText(makeHead({ category: "PRO" }), SIGNATURE);
  const broken = [text.slice(0, -1), text.slice(1), `${text} `, ` ${text}`, text.toLowerCase(), "FA1:.", "FA2:.", ""];
  for (const other of broken) assert.equal(decode(other), null, other);
});

test("a code is genuine for the fair and the key that signed it", async () => {
  const keys = new Map([[1, signer.publicKey]]);
  const text = await signer.sign({ fair: 7, category: "PRO" });
  const { proof, code } = await prove(text, { fairId: 7, keys });
  assert.deepEqual([proof, code.category], ["genuine", "PRO"]);
  assert.deepEqual(await prove(text, { fairId: 8, keys }), { proof: "unknown", code: null });
  assert.deepEqual(await prove("hello", { fairId: 7, keys }), { proof: "unknown", code: null });
});

test("a code by a key that the fair has not, or changed by one bit, says nothing", async () => {
  const nobody = { proof: "bad_signature", code: null };
  const keys = new Map([[1, signer.publicKey]]);
  assert.deepEqual(await prove(await signer.sign({ key: 2, category: "PRO" }), { fairId: 1, keys }), nobody);
  const stranger = await makeSigner();
  assert.deepEqual(await prove(await stranger.sign({ category: "PRO" }), { fairId: 1, keys }), nobody);
  const genuine = fromBase45((await signer.sign({ category: "PRO" })).slice(4, -1));
  for (const at of [4, 5, 24, 27, 30, genuine.length - 1]) {
    const changed = genuine.slice();
    changed[at] ^= 1;
    assert.deepEqual(await prove(`FA1:${toBase45(changed)}.`, { fairId: 1, keys }), nobody, `byte ${at}`);
  }
});

test("a key that is no key makes no code genuine and breaks nothing", async () => {
  const keys = new Map([[1, new Uint8Array(3)]]);
  assert.equal((await prove(await signer.sign({ category: "PRO" }), { fairId: 1, keys })).proof, "bad_signature");
});

test("bytes and base64url without padding are each other's", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (const bytes of [all, all.slice(1), all.slice(2), new Uint8Array()]) {
    const text = toBase64(bytes);
    assert.match(text, /^[\w-]*$/);
    assert.deepEqual(fromBase64(text), bytes);
  }
});
