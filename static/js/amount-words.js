// An amount in words, in 万/亿 and in million/billion.
// The same rule as fairapp/deals/labels/amount_in_words.py; tests/deals/amount_words.json holds for both.

/** @typedef {{ digits: bigint, scale: number }} Amount exact: "1.25" is {digits: 125n, scale: 2} */
/** @typedef {{ words_zh: string, words_en: string, short_zh: string, short_en: string, figure: string }} AmountWords */
/** @typedef {[zeros: number, word: string][]} Units the largest first */

const DIGITS = "零一二三四五六七八九";
const GROUPS_ZH = ["", "万", "亿", "万亿"];
const BELOW_TWENTY = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const GROUPS_EN = ["", "thousand", "million", "billion", "trillion"];
const MAX_WHOLE = 10n ** 15n; // from here on there are no words
/** @type {[suffix: string, zeros: number][]} the longer words first */
const SUFFIXES = [
  ["万亿", 12],
  ["千亿", 11],
  ["百亿", 10],
  ["十亿", 9],
  ["亿", 8],
  ["千万", 7],
  ["百万", 6],
  ["十万", 5],
  ["万", 4],
  ["千", 3],
  ["billion", 9],
  ["million", 6],
  ["thousand", 3],
  ["bn", 9],
  ["mn", 6],
  ["m", 6],
  ["k", 3],
];
const SPACES = /[\u0020\u00a0\u2002-\u200a\u202f\u205f\u3000]/g;
const APOSTROPHES = /['\u2019\u2018\u02bc\uff07\u00b4]/g;
/** @type {Units} */
const UNITS_ZH = [
  [8, "亿"],
  [4, "万"],
];
/** @type {Units} */
const UNITS_EN = [
  [9, " billion"],
  [6, " million"],
];
/** @type {[value: number, unit: string][]} */
const PLACES_ZH = [
  [1000, "千"],
  [100, "百"],
  [10, "十"],
  [1, ""],
];

/**
 * A number below 10,000.
 * @param {number} group
 */
function groupZh(group) {
  let words = "";
  let hasGap = false;
  for (const [value, unit] of PLACES_ZH) {
    const digit = Math.floor(group / value) % 10;
    if (digit === 0) {
      hasGap = words !== "";
      continue;
    }
    words += (hasGap ? DIGITS[0] : "") + DIGITS[digit] + unit;
    hasGap = false;
  }
  return words;
}

/**
 * A whole amount in Chinese.
 * @param {bigint} amount below 10 to the 16th
 */
export function wordsZh(amount) {
  if (amount === 0n) return DIGITS[0];
  let words = "";
  let hasGap = false;
  for (let place = GROUPS_ZH.length - 1; place >= 0; place -= 1) {
    const group = Number((amount / 10000n ** BigInt(place)) % 10000n);
    if (group === 0) {
      hasGap = words !== "";
      continue;
    }
    const needsZero = hasGap || (words && group < 1000);
    words += (needsZero ? DIGITS[0] : "") + groupZh(group) + GROUPS_ZH[place];
    hasGap = false;
  }
  return words.startsWith("一十") ? words.slice(1) : words;
}

/**
 * A number below 1,000.
 * @param {number} group
 */
function groupEn(group) {
  const hundreds = Math.floor(group / 100);
  const rest = group % 100;
  const words = hundreds ? [BELOW_TWENTY[hundreds], "hundred"] : [];
  if (rest && rest < 20) words.push(BELOW_TWENTY[rest]);
  else if (rest) words.push(TENS[Math.floor(rest / 10) - 2] + (rest % 10 ? `-${BELOW_TWENTY[rest % 10]}` : ""));
  return words;
}

/**
 * A whole amount in English.
 * @param {bigint} amount below 10 to the 15th
 */
export function wordsEn(amount) {
  if (amount === 0n) return BELOW_TWENTY[0];
  const words = [];
  for (let place = GROUPS_EN.length - 1; place >= 0; place -= 1) {
    const group = Number((amount / 1000n ** BigInt(place)) % 1000n);
    if (group) words.push(...groupEn(group), GROUPS_EN[place]);
  }
  return words.filter(Boolean).join(" ");
}

/**
 * A text with ASCII figures and signs for their full-width and typographic kin.
 * @param {string} text
 */
function normalSpelling(text) {
  return text
    .replace(/[\uff10-\uff19]/g, (figure) => String(figure.charCodeAt(0) - 0xff10))
    .replaceAll("，", ",")
    .replaceAll("．", ".")
    .replace(SPACES, " ")
    .replace(APOSTROPHES, "'")
    .trim()
    .toLowerCase();
}

/**
 * What figures say with a decimal sign: null where they are not written that way.
 * @param {string} figures
 * @param {string} sign
 */
function reading(figures, sign) {
  const at = figures.lastIndexOf(sign);
  const [before, fraction] = at < 0 ? [figures, ""] : [figures.slice(0, at), figures.slice(at + 1)];
  if (/\D/.test(fraction)) return null;
  const marks = new Set(before.replace(/\d/g, ""));
  if (marks.size > 1 || marks.has(sign)) return null;
  if (marks.size && !/^[1-9]\d{0,2}(?:\D\d{3})+$/.test(before)) return null;
  const whole = before.replace(/\D/g, "");
  if (at >= 0 && whole.length > 1 && whole.startsWith("0")) return null;
  return { whole: whole || "0", fraction };
}

/**
 * The one reading of figures; null where there are two, or none.
 * @param {string} figures
 * @param {boolean} hasThousandths whether three digits may stand after the point
 */
function onlyReading(figures, hasThousandths) {
  const [point, comma] = [reading(figures, "."), reading(figures, ",")];
  const isOpen = point && comma && point.whole !== comma.whole;
  if (isOpen && figures.includes(".") !== hasThousandths) return null;
  return point ?? comma; // an open one that is not asked about has a decimal point
}

/**
 * Digits and their scale; null when the text is no amount, or has two meanings: the server asks which.
 * The same rule as fairapp/core/text/numbers.py.
 * @param {string} text
 * @param {number} places of the currency, after the point
 * @returns {Amount | null}
 */
export function parseAmount(text, places = 2) {
  const plain = normalSpelling(text);
  const [suffix, zeros] = SUFFIXES.find(([ending]) => plain.endsWith(ending)) ?? ["", 0];
  const figures = plain.slice(0, plain.length - suffix.length).trimEnd();
  if (figures.length > 30 || !/^[.,]?\d+(?:[.,' ]\d+)*$/.test(figures)) return null;
  const chosen = onlyReading(figures, places + zeros >= 3);
  if (!chosen || chosen.fraction.length > places + zeros) return null;
  return { digits: BigInt(chosen.whole + chosen.fraction) * 10n ** BigInt(zeros), scale: chosen.fraction.length };
}

/**
 * "1,234.5"
 * @param {Amount} amount
 */
function figure({ digits, scale }) {
  const text = digits.toString().padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const fraction = scale ? text.slice(-scale).replace(/0+$/, "") : "";
  return fraction ? `${whole}.${fraction}` : whole;
}

/**
 * In the largest unit that it reaches.
 * @param {Amount} amount
 * @param {Units} units
 */
function short({ digits, scale }, units) {
  for (const [zeros, word] of units) {
    if (digits >= 10n ** BigInt(zeros + scale)) return figure({ digits, scale: scale + zeros }) + word;
  }
  return figure({ digits, scale });
}

/**
 * What is repeated of a typed amount; null when it is none, or too large for words.
 * @param {string} text
 * @param {number} places of the currency, after the point
 * @returns {AmountWords | null}
 */
export function inWords(text, places = 2) {
  const amount = parseAmount(text, places);
  if (!amount) return null;
  const whole = amount.digits / 10n ** BigInt(amount.scale);
  if (whole >= MAX_WHOLE) return null;
  return {
    words_zh: wordsZh(whole),
    words_en: wordsEn(whole),
    short_zh: short(amount, UNITS_ZH),
    short_en: short(amount, UNITS_EN),
    figure: figure(amount),
  };
}
