// Figures that move: <div data-live="/address" data-every="10"> asks for {"name": "text", …} and
// writes each text into [data-figure="name"]. What changed is marked for a moment, the rest stands still.
// <div data-live-part="/address" data-every="10"> is replaced by the HTML of that address.

import { Backoff } from "./backoff.js";
import { queryAll } from "./dom.js";

const USUAL = 15; // seconds between two questions
const MAX_WAIT = 120; // seconds

/** @param {HTMLElement} element */
function mark(element) {
  element.classList.remove("changed");
  void element.offsetWidth; // start the animation afresh
  element.classList.add("changed");
}

/**
 * Write each text that changed.
 * @param {ParentNode} root
 * @param {Record<string, string | number | null>} figures
 */
function writeFigures(root, figures) {
  for (const element of queryAll(root, "[data-figure]", HTMLElement)) {
    const text = figures[element.dataset.figure ?? ""] ?? null;
    if (text === null || element.textContent === String(text)) continue;
    element.textContent = String(text);
    mark(element);
  }
}

/**
 * @param {string} url
 * @param {string} type of the answer
 */
async function ask(url, type) {
  const answer = await fetch(url, { headers: { Accept: type } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // signed out: the page stands as it is
  return answer;
}

/** @param {HTMLElement} root */
async function refresh(root) {
  const { livePart, live = "" } = root.dataset;
  if (livePart === undefined) {
    const answer = await ask(live, "application/json");
    return writeFigures(root, await answer.json());
  }
  const answer = await ask(livePart, "text/html");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = (root.id && page.getElementById(root.id)) || page.body;
  root.replaceChildren(...fresh.childNodes);
  document.dispatchEvent(new CustomEvent("resultschange"));
}

/** @param {HTMLElement} root */
function follow(root) {
  const backoff = new Backoff(Number(root.dataset.every ?? USUAL), MAX_WAIT);
  const step = async () => {
    if (!document.hidden) {
      try {
        await refresh(root);
        backoff.succeeded();
        root.removeAttribute("data-stale");
      } catch {
        backoff.failed();
        root.setAttribute("data-stale", "");
      }
    }
    setTimeout(step, backoff.wait * 1000);
  };
  setTimeout(step, backoff.wait * 1000);
}

/** Keep the moving parts of the page current. */
export function followLive() {
  for (const root of queryAll(document, "[data-live], [data-live-part]", HTMLElement)) follow(root);
}
