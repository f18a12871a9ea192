// An amount in words, in 万/亿 and in million/billion.
// The same rule as fairapp/deals/amounts.py; tests/deals/amount_words.json holds for both.

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
/** @type {[suffix: string, zeros: number][]} */
const SUFFIXES = [
  ["亿", 8],
  ["万", 4],
  ["bn", 9],
  ["m", 6],
  ["k", 3],
];
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
 * Digits and their scale; null when the text is no amount.
 * @param {string} text
 * @returns {Amount | null}
 */
export function parseAmount(text) {
  const cleaned = text
    .trim()
    .replace(/[,， ]/g, "")
    .toLowerCase();
  const [suffix, zeros] = SUFFIXES.find(([ending]) => cleaned.endsWith(ending)) ?? ["", 0];
  const match = /^(\d{1,20})(?:\.(\d{0,6}))?$/.exec(cleaned.slice(0, cleaned.length - suffix.length));
  if (!match) return null;
  const [, whole, fraction = ""] = match;
  return { digits: BigInt(whole + fraction) * 10n ** BigInt(zeros), scale: fraction.length };
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
 * @returns {AmountWords | null}
 */
export function inWords(text) {
  const amount = parseAmount(text);
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
