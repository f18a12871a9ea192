import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64 } from "../../static/scanner/code.js";
import { Decider } from "../../static/scanner/decider.js";
import { Knowledge } from "../../static/scanner/knowledge.js";
import { hashOf, makeGate, makeList, makeSigner, sealName } from "./badges.js";
import { openStore } from "./stores.js";

const signer = await makeSigner();
const MORNING = Date.parse("2021-03-18T02:00:00Z"); // 10:00 at the fair
const CODE_ID = new Uint8Array(16).fill(1);
const CATEGORIES = [
  { code: "PRO", name_zh: "专业观众", name_en: "Visitor", kind: "visitor", escort: false, vip: false },
  { code: "EXH", name_zh: "参展商", name_en: "Exhibitor", kind: "exhibitor", escort: false, vip: false },
  { code: "GUE", name_zh: "嘉宾", name_en: "Guest", kind: "guest", escort: true, vip: true },
];

async function makeDecider(t, more = {}) {
  const store = await openStore(t);
  const knowledge = await Knowledge.load(store);
  const keys = [{ id: 1, public: toBase64(signer.publicKey) }];
  await knowledge.apply(makeList({ keys, categories: CATEGORIES, ...more }));
  return { decider: new Decider(knowledge), knowledge, store };
}

const badge = (more = {}) => signer.sign({ codeId: CODE_ID, category: "PRO", ...more });
const makeRequest = async (more = {}) => ({ id: "scan", code: await badge(), gate: "G1", direction: "entry", ...more });
const decide = async (decider, more = {}, now = MORNING) => decider.answer(await makeRequest(more), now);
const at = (text) => Date.parse(`2021-03-18T${text}:00+08:00`);

test("a genuine badge is admitted once, then it is inside, then it comes back", async (t) => {
  const { decider } = await makeDecider(t);
  const decisions = [];
  for (const direction of ["entry", "entry", "exit", "entry"]) {
    const { decision, admitted } = await decide(decider, { direction }, MORNING + decisions.length * 1000);
    decisions.push([decision, admitted]);
  }
  assert.deepEqual(decisions, [
    ["admitted", true],
    ["already_inside", false],
    ["admitted", true],
    ["re_entry", true],
  ]);
});

test("where exits are not scanned nobody is inside already", async (t) => {
  const { fair } = makeList();
  const { decider } = await makeDecider(t, { fair: { ...fair, exits_are_scanned: false } });
  await decide(decider);
  assert.equal((await decide(decider)).decision, "re_entry");
});

test("the answer says who decided, when by the server's time, and for which scan", async (t) => {
  const { decider } = await makeDecider(t);
  const answer = await decide(decider, { id: "one-scan" });
  assert.deepEqual(
    [answer.id, answer.direction, answer.at, answer.byDevice],
    ["one-scan", "entry", "2021-03-18T02:00:00.000Z", true],
  );
});

test("a gate's own hours hold before the fair's", async (t) => {
  const gates = [makeGate("G1"), makeGate("G2", { opens: "10:30", closes: "10:31" })];
  const { decider } = await makeDecider(t, { gates, capacity: null });
  const decideAt = async (text, gate) =>
    (
      await decide(
        decider,
        { gate, code: await badge({ codeId: crypto.getRandomValues(new Uint8Array(16)) }) },
        at(text),
      )
    ).decision;
  assert.equal(await decideAt("08:59", "G1"), "not_open");
  assert.equal(await decideAt("09:00", "G1"), "admitted");
  assert.equal(await decideAt("16:59", "G1"), "admitted");
  assert.equal(await decideAt("17:00", "G1"), "not_open");
  assert.equal(await decideAt("10:29", "G2"), "not_open");
  assert.equal(await decideAt("10:30", "G2"), "admitted");
  assert.equal(await decideAt("10:31", "G2"), "not_open");
});

test("the day is that of the fair's clock", async (t) => {
  const { decider } = await makeDecider(t);
  const code = await badge({ category: "EXH", days: 0b10 });
  assert.equal((await decide(decider, { code }, at("23:59"))).decision, "wrong_day");
  assert.equal((await decide(decider, { code }, at("23:59") + 60_000)).decision, "admitted");
});

test("a withdrawn badge does not enter; it may leave", async (t) => {
  const { decider } = await makeDecider(t, { revoked: [await hashOf(CODE_ID)] });
  assert.equal((await decide(decider)).decision, "revoked");
  assert.equal((await decide(decider, { direction: "exit" })).decision, "admitted");
});

test("a zone admits the categories it names", async (t) => {
  const { decider } = await makeDecider(t, { gates: [makeGate("G1", { admits: ["EXH"] })] });
  assert.equal((await decide(decider)).decision, "wrong_zone");
  assert.equal((await decide(decider, { code: await badge({ category: "EXH" }) })).decision, "admitted");
});

test("a closed gate, one that leads the other way, and one taken from the device are blocked", async (t) => {
  const gates = [makeGate("shut", { closed: true }), makeGate("in", { direction: "entry" })];
  const { decider } = await makeDecider(t, { gates });
  const decisionAt = async (gate, direction) => (await decide(decider, { gate, direction })).decision;
  assert.equal(await decisionAt("shut", "exit"), "blocked");
  assert.equal(await decisionAt("in", "exit"), "blocked");
  assert.equal(await decisionAt("in", "entry"), "admitted");
  assert.equal(await decisionAt("taken away", "entry"), "blocked");
});

test("a full house lets nobody in but guests of honour, and counts who comes", async (t) => {
  const { decider, knowledge } = await makeDecider(t, { inside_count: 99 });
  const codeOf = (number, category) => badge({ codeId: new Uint8Array(16).fill(number), category });
  assert.equal((await decide(decider, { code: await codeOf(1, "PRO") })).decision, "admitted");
  assert.equal((await decide(decider, { code: await codeOf(2, "PRO") })).decision, "capacity");
  const guest = await decide(decider, { code: await codeOf(3, "GUE") });
  assert.deepEqual([guest.decision, guest.escort, guest.level], ["admitted", true, 100]);
  assert.equal(knowledge.crowd, 101);
});

test("a supervisor's reason admits whom a law refused, and the answer keeps the law's word", async (t) => {
  const { decider, knowledge } = await makeDecider(t, { revoked: [await hashOf(CODE_ID)] });
  const { decision, admitted } = await decide(decider, { override_reason: "Guest of honour" });
  assert.deepEqual([decision, admitted, knowledge.crowd], ["revoked", true, 99]);
});

test("no reason admits a code that proves nobody", async (t) => {
  const { decider, store } = await makeDecider(t);
  const foreign = await signer.sign({ fair: 2, codeId: CODE_ID, category: "PRO" });
  const forged = await (await makeSigner()).sign({ codeId: CODE_ID, category: "PRO" });
  for (const [code, decision] of [
    [foreign, "unknown"],
    [forged, "bad_signature"],
    ["hello", "unknown"],
  ]) {
    const answer = await decide(decider, { code, override_reason: "because" });
    assert.deepEqual([answer.decision, answer.admitted, answer.name], [decision, false, ""]);
  }
  assert.equal(await store.count("own"), 0);
});

test("a refused badge leaves no trace: it is neither inside nor in the crowd", async (t) => {
  const { decider, knowledge, store } = await makeDecider(t);
  assert.equal((await decide(decider, {}, at("08:00"))).admitted, false);
  assert.deepEqual([await store.count("own"), knowledge.crowd], [0, 98]);
});

test("the name is opened for the screen; a badge that the list does not have yet is decided all the same", async (t) => {
  const { decider, store } = await makeDecider(t);
  const nameless = await decide(decider);
  assert.deepEqual([nameless.decision, nameless.name, nameless.category.code], ["admitted", "", "PRO"]);
  await store.putSealed([[await hashOf(CODE_ID), await sealName(CODE_ID, ["Qiming", "Hengtai", "EXH", "E-1"])]]);
  const { name, company, number, category } = await decide(decider);
  assert.deepEqual([name, company, number, category.code], ["Qiming", "Hengtai", "E-1", "EXH"]);
});

test("a category that the list does not know is a visitor's, and is shown as nothing", async (t) => {
  const { decider } = await makeDecider(t);
  const code = await badge({ category: "NEW" });
  assert.equal((await decide(decider, { code }, at("08:00"))).decision, "not_open");
  assert.equal((await decide(decider, { code })).category, "");
});

test("what the server let pass is known afterwards, at the server's time", async (t) => {
  const { decider } = await makeDecider(t);
  const request = await makeRequest();
  await decider.learn(request, { admitted: true, at: "2021-03-18T02:00:00Z" });
  assert.equal((await decide(decider)).decision, "already_inside");
});

test("what it refused, and who was found without a code, teaches nothing", async (t) => {
  const { decider, store } = await makeDecider(t);
  await decider.learn(await makeRequest(), { admitted: false, at: "2021-03-18T02:00:00Z" });
  await decider.learn(await makeRequest({ code: undefined }), { admitted: true, at: "2021-03-18T02:00:00Z" });
  await decider.learn(await makeRequest({ code: "hello" }), { admitted: true, at: "2021-03-18T02:00:00Z" });
  assert.equal(await store.count("own"), 0);
});
