// Repeats an amount in words, in 万/亿 and in million/billion while it is typed.
// The same rule as fairapp/deals/amounts.py; tests/deals/amount_words.json holds for both.

const DIGITS = "零一二三四五六七八九";
const GROUPS = ["", "万", "亿", "万亿"];
const ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const THOUSANDS = ["", "thousand", "million", "billion", "trillion"];
const SUFFIXES = [["亿", 8], ["万", 4], ["bn", 9], ["m", 6], ["k", 3]];

function fourZh(group) {
  let said = "";
  let gap = false;
  for (const [place, unit] of [[1000, "千"], [100, "百"], [10, "十"], [1, ""]]) {
    const digit = Math.floor(group / place) % 10;
    if (digit === 0) {
      gap = said !== "";
      continue;
    }
    said += (gap ? DIGITS[0] : "") + DIGITS[digit] + unit;
    gap = false;
  }
  return said;
}

export function wordsZh(amount) {
  if (amount === 0n) return DIGITS[0];
  let said = "";
  let gap = false;
  for (let place = GROUPS.length - 1; place >= 0; place -= 1) {
    const group = Number((amount / 10000n ** BigInt(place)) % 10000n);
    if (group === 0) {
      gap = said !== "";
      continue;
    }
    said += (gap || (said && group < 1000) ? DIGITS[0] : "") + fourZh(group) + GROUPS[place];
    gap = false;
  }
  return said.startsWith("一十") ? said.slice(1) : said;
}

function threeEn(group) {
  const hundreds = Math.floor(group / 100);
  const rest = group % 100;
  const said = hundreds ? [ONES[hundreds], "hundred"] : [];
  if (rest && rest < 20) said.push(ONES[rest]);
  else if (rest) said.push(TENS[Math.floor(rest / 10) - 2] + (rest % 10 ? `-${ONES[rest % 10]}` : ""));
  return said;
}

export function wordsEn(amount) {
  if (amount === 0n) return ONES[0];
  const parts = [];
  for (let place = THOUSANDS.length - 1; place >= 0; place -= 1) {
    const group = Number((amount / 1000n ** BigInt(place)) % 1000n);
    if (group) parts.push(...threeEn(group), THOUSANDS[place]);
  }
  return parts.filter(Boolean).join(" ");
}

// Digits and their scale, exact: "1.25" is {digits: 125n, scale: 2}; null when it is no amount.
export function parse(text) {
  let cleaned = text.trim().replace(/[,， ]/g, "").toLowerCase();
  let shift = 0;
  for (const [suffix, zeros] of SUFFIXES) {
    if (cleaned.endsWith(suffix)) {
      cleaned = cleaned.slice(0, -suffix.length);
      shift = zeros;
      break;
    }
  }
  const found = /^(\d{1,20})(?:\.(\d{0,6}))?$/.exec(cleaned);
  if (!found) return null;
  const fraction = found[2] || "";
  return { digits: BigInt(found[1] + fraction) * 10n ** BigInt(shift), scale: fraction.length };
}

function shown(digits, scale) {
  const text = digits.toString().padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const fraction = scale ? text.slice(-scale).replace(/0+$/, "") : "";
  return fraction ? `${whole}.${fraction}` : whole;
}

function short({ digits, scale }, units, space) {
  for (const [zeros, word] of units) {
    if (digits >= 10n ** BigInt(zeros + scale)) return shown(digits, scale + zeros) + space + word;
  }
  return shown(digits, scale);
}

export function said(text) {
  const amount = parse(text);
  if (!amount) return null;
  const whole = amount.digits / 10n ** BigInt(amount.scale);
  return {
    words_zh: wordsZh(whole),
    words_en: wordsEn(whole),
    short_zh: short(amount, [[8, "亿"], [4, "万"]], ""),
    short_en: short(amount, [[9, "billion"], [6, "million"]], " "),
    figure: shown(amount.digits, amount.scale),
  };
}

function repeat(box) {
  const input = document.getElementById(box.dataset.amount);
  const currency = document.getElementById(box.dataset.currency);
  const chinese = document.documentElement.lang.startsWith("zh");
  const show = () => {
    const words = said(input.value);
    box.textContent = "";
    if (!words) return;
    const order = chinese ? ["words_zh", "short_zh", "short_en"] : ["words_en", "short_en", "short_zh"];
    const lines = [`${currency.value} ${words.figure}`, ...order.map((name) => words[name])];
    for (const line of [...new Set(lines)]) {
      const piece = document.createElement("span");
      piece.textContent = line;
      box.append(piece);
    }
  };
  input.addEventListener("input", show);
  currency.addEventListener("change", show);
  show();
}

if (typeof document !== "undefined") {
  for (const box of document.querySelectorAll("[data-amount]")) repeat(box);
}
