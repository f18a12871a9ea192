// The verifiers' desk by keyboard. Every key does what a control of the page does; nothing works by keys alone,
// and the switch beside their list turns them off (single letters must not get in the way of speech input).

import { query, queryAll, queryOptional } from "./dom.js";
import { stepInList } from "./rows.js";

const SWITCH = "fairapp-keys-off";
const TYPED_INTO = "input:not([type=radio]), textarea, select, [contenteditable]";

/** @type {Record<string, () => boolean>} whether the key did something */
const KEYS = {
  j: () => moveInRows(1) || follow('[data-key="j"]'),
  k: () => moveInRows(-1) || follow('[data-key="k"]'),
  a: accept,
  r: sendBack,
  1: () => grade(0),
  2: () => grade(1),
  3: () => grade(2),
  4: () => grade(3),
};

function areKeysOff() {
  try {
    return localStorage.getItem(SWITCH) === "1";
  } catch {
    return false;
  }
}

/** @param {boolean} off */
function rememberSwitch(off) {
  try {
    localStorage.setItem(SWITCH, off ? "1" : "0");
  } catch {
    // a browser that keeps nothing: the switch holds for this page
  }
}

/** @param {1 | -1} step */
function moveInRows(step) {
  const links = queryAll(document, "[data-rows] tbody th a", HTMLElement);
  if (!links.length) return false;
  const { activeElement } = document;
  const at = activeElement instanceof HTMLElement ? links.indexOf(activeElement) : -1;
  links[stepInList(at, step, links.length)].focus();
  return true;
}

/** @param {string} selector */
function follow(selector) {
  const link = queryOptional(document, selector, HTMLElement);
  link?.click();
  return link !== null;
}

/** @param {number} index */
function grade(index) {
  const choice = queryAll(document, "[data-accept] input[type=radio]", HTMLInputElement).at(index);
  if (!choice) return false;
  choice.checked = true;
  choice.focus();
  return true;
}

function accept() {
  const form = queryOptional(document, "[data-accept]", HTMLFormElement);
  form?.requestSubmit();
  return form !== null;
}

function sendBack() {
  const reason = queryOptional(document, "[data-return] select", HTMLSelectElement);
  reason?.focus();
  return reason !== null;
}

/** @param {HTMLDetailsElement} help */
function toggle(help) {
  help.open = !help.open;
  help.querySelector("summary")?.focus();
}

/** @param {KeyboardEvent} event */
function isTyped({ ctrlKey, metaKey, altKey, target }) {
  const isShortcut = ctrlKey || metaKey || altKey;
  return isShortcut || (target instanceof Element && target.closest(TYPED_INTO) !== null);
}

/** @param {HTMLDetailsElement} help */
function start(help) {
  const choice = query(help, "[data-keys-switch]", HTMLInputElement);
  help.hidden = false;
  choice.checked = !areKeysOff();
  choice.addEventListener("change", () => rememberSwitch(!choice.checked));
  document.addEventListener("keydown", (event) => {
    if (isTyped(event)) return;
    if (event.key === "?") toggle(help);
    else if (!choice.checked || !KEYS[event.key]?.()) return;
    event.preventDefault();
  });
}

const help = queryOptional(document, "[data-keys]", HTMLDetailsElement);
if (help) start(help);
