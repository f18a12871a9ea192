// Repeats an amount in words while it is typed: <p data-amount="ID OF ITS FIELD" data-currency="ID OF ITS CURRENCY">.

import { inWords } from "./amount-words.js";
import { query, queryAll } from "./dom.js";

/** @import { AmountWords } from "./amount-words.js" */

/** @type {(keyof AmountWords)[]} */
const CHINESE_FIRST = ["words_zh", "short_zh", "short_en"];
/** @type {(keyof AmountWords)[]} */
const ENGLISH_FIRST = ["words_en", "short_en", "short_zh"];

/**
 * The digits of a currency after its point.
 * @param {string} code
 */
function placesOf(code) {
  if (!/^[A-Z]{3}$/.test(code)) return 2;
  const format = new Intl.NumberFormat("en", { style: "currency", currency: code });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** @param {HTMLElement} box */
function repeatAmount(box) {
  const input = query(document, `#${box.dataset.amount}`, HTMLInputElement);
  const currency = query(document, `#${box.dataset.currency}`, HTMLSelectElement);
  const order = document.documentElement.lang.startsWith("zh") ? CHINESE_FIRST : ENGLISH_FIRST;
  const show = () => {
    const words = inWords(input.value, placesOf(currency.value));
    const lines = words ? [`${currency.value} ${words.figure}`, ...order.map((name) => words[name])] : [];
    box.replaceChildren(...[...new Set(lines)].map(span));
  };
  input.addEventListener("input", show);
  currency.addEventListener("change", show);
  show();
}

/** @param {string} text */
function span(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

for (const box of queryAll(document, "[data-amount]", HTMLElement)) repeatAmount(box);
