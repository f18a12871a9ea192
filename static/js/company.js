// Offers the fair's own companies while one types a name; choosing one sets its country.
//   <input data-companies="/address" data-country="ID OF ITS COUNTRY">

import { queryAll, queryOptional } from "./dom.js";

/** @typedef {{ name: string, country: string }} Company */

const PAUSE = 250; // ms after the last key
const MIN_LENGTH = 2;

/** @param {HTMLInputElement} input */
function offerCompanies(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-companies`;
  input.after(list);
  input.setAttribute("list", list.id);
  /** @type {Company[]} */
  let offered = [];
  const offer = async () => {
    const words = input.value.trim();
    const chosen = offered.find((company) => company.name === words);
    if (chosen) return setCountry(input, chosen.country);
    if (words.length < MIN_LENGTH) return;
    const answer = await fetch(`${input.dataset.companies}?q=${encodeURIComponent(words)}`);
    if (!answer.ok) return;
    /** @type {{ companies: Company[] }} */
    const { companies } = await answer.json();
    offered = companies;
    list.replaceChildren(...companies.map(({ name }) => new Option("", name)));
  };
  /** @type {number | undefined} */
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  });
}

/**
 * @param {HTMLInputElement} input
 * @param {string} code
 */
function setCountry(input, code) {
  const { country } = input.dataset;
  const choice = country ? queryOptional(document, `#${country}`, HTMLSelectElement) : null;
  if (choice) choice.value = code;
}

for (const input of queryAll(document, "[data-companies]", HTMLInputElement)) offerCompanies(input);
