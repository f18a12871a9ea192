import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, parseAmount, wordsEn, wordsZh } from "../../static/js/amount-words.js";
import { Backoff } from "../../static/js/backoff.js";
import { chartOptions, countLegendLines } from "../../static/js/chart-options.js";
import { stepInList } from "../../static/js/rows.js";

// That amounts are said as Python says them is tested in tests/deals/test_rules.py, by tests/deals/amount_words.json.

// --- amounts ---

test("an amount is read exactly, with its separators and its unit", () => {
  const read = (text) => {
    const amount = parseAmount(text);
    return amount && [amount.digits, amount.scale];
  };
  assert.deepEqual(read("1.25"), [125n, 2]);
  assert.deepEqual(read(" 1,234，567 "), [1_234_567n, 0]);
  assert.deepEqual(read("1.5M"), [15_000_000n, 1]);
  assert.deepEqual(read("2bn"), [2_000_000_000n, 0]);
  assert.deepEqual(read("3亿"), [300_000_000n, 0]);
  assert.deepEqual(read("1500,50"), [150_050n, 2]);
  assert.deepEqual(read("1.500,00"), [150_000n, 2]);
  assert.deepEqual(read("1 200 000"), [1_200_000n, 0]);
  assert.deepEqual(read(".5"), [5n, 1]);
});

test("what is no amount is none", () => {
  const none = ["", "abc", "-5", "1.2.3", "1.", "1e9", "万", "1.1234567", "1".repeat(31), "5 USD"];
  assert.deepEqual(
    none.filter((text) => parseAmount(text) !== null),
    [],
  );
  assert.equal(inWords("abc"), null);
});

test("what has two meanings is not said in words: the server asks which it is", () => {
  for (const text of ["1.200", "1,500,50", "1,00,000", "01,200"]) assert.equal(parseAmount(text), null, text);
  assert.equal(parseAmount("1,200", 3), null);
  assert.deepEqual(parseAmount("1.200", 3), { digits: 1200n, scale: 3 });
  assert.deepEqual(parseAmount("1,200", 0), { digits: 1200n, scale: 0 });
  assert.equal(parseAmount("1.200", 0), null);
});

test("zeros between the groups of a number are said in Chinese, once", () => {
  assert.equal(wordsZh(10n), "十");
  assert.equal(wordsZh(110n), "一百一十");
  assert.equal(wordsZh(10_001n), "一万零一");
  assert.equal(wordsZh(100_010_000n), "一亿零一万");
  assert.equal(wordsZh(1_001_000n), "一百万一千");
  assert.equal(wordsZh(1_000_100n), "一百万零一百");
});

test("English says what is there and no empty group", () => {
  assert.equal(wordsEn(19n), "nineteen");
  assert.equal(wordsEn(20n), "twenty");
  assert.equal(wordsEn(1_000_021n), "one million twenty-one");
});

test("an amount too large for words is not said in the words of a smaller one", () => {
  assert.match(inWords("999,999,999,999,999").words_en, /^nine hundred ninety-nine trillion /);
  assert.equal(inWords("1,000,000,000,000,000"), null);
  assert.equal(inWords("12,345,678,901,234,567"), null);
});

// --- asking again ---

test("after each failure one waits twice as long, up to a limit, and as usual once it works", () => {
  const backoff = new Backoff(15, 100);
  const waits = [backoff.wait];
  for (let failure = 0; failure < 4; failure += 1) {
    backoff.failed();
    waits.push(backoff.wait);
  }
  backoff.succeeded();
  assert.deepEqual([...waits, backoff.wait], [15, 30, 60, 100, 100, 15]);
});

// --- rows by keys ---

test("a step stays within the list, and from outside it begins at the near end", () => {
  assert.deepEqual([stepInList(-1, 1, 3), stepInList(-1, -1, 3)], [0, 2]);
  assert.deepEqual([stepInList(0, 1, 3), stepInList(2, 1, 3), stepInList(0, -1, 3)], [1, 2, 0]);
  assert.deepEqual([stepInList(-1, -1, 1), stepInList(0, 1, 1)], [0, 0]);
});

// --- charts ---

const LOOK = { palette: ["#123"], ink: "#000", quiet: "#666", line: "#ccc", paper: "#fff", font: "Noto", size: 10 };
const makeTable = (...series) => ({
  labels: ["a", "b"],
  series: series.map((values, index) => ({
    name: `series ${index}`,
    values: values.map((value) => ({ value, text: value === null ? "–" : `${value}.` })),
  })),
});
const draw = (kind, table) => chartOptions({ kind, table, look: LOOK, width: 600, language: "en" });

test("a missing figure is a gap in the picture, not a zero", () => {
  const { series } = draw("line", makeTable([null, 0]));
  assert.deepEqual(series[0].data, ["-", 0]);
});

test("the figure beside the pointer is the table's own text", () => {
  const { series } = draw("bar", makeTable([1, 2]));
  assert.equal(series[0].tooltip.valueFormatter(2, 1), "2.");
  assert.equal(series[0].tooltip.valueFormatter(2, 9), "");
});

test("whole numbers have no lines between them", () => {
  assert.equal(draw("bar", makeTable([1, 2])).yAxis.minInterval, 1);
  assert.equal(draw("bar", makeTable([1, 2.5])).yAxis.minInterval, 0);
});

test("a ranking lies down, with the first row on top", () => {
  const { xAxis, yAxis } = draw("ranking", makeTable([1, 2]));
  assert.deepEqual([xAxis.type, yAxis.type, yAxis.inverse], ["value", "category", true]);
});

test("one series needs no legend", () => {
  assert.equal(draw("bar", makeTable([1, 2])).legend, undefined);
  assert.notEqual(draw("bar", makeTable([1, 2], [3, 4])).legend, undefined);
});

test("a legend takes another line when a name does not fit any more", () => {
  const width = 30 + 4 * 6.2; // of one name of four letters
  assert.equal(countLegendLines(["abcd", "abcd"], 10, 2 * width + 1), 1);
  assert.equal(countLegendLines(["abcd", "abcd"], 10, 2 * width - 1), 2);
  assert.equal(countLegendLines(["a very long name that fits in no line"], 10, 50), 1);
  assert.equal(countLegendLines(["中文"], 10, 50) + countLegendLines(["中文", "中文"], 10, 99), 3);
});
