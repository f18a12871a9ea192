// A filter form answers while one types: <form method="get" data-autosubmit> replaces <… id="results">.
// The address always says what is shown, so the page can be sent to a colleague.

import { queryAll } from "./dom.js";

const PAUSE = 300; // ms after the last key
const TYPED = "input:not([type=checkbox], [type=radio], [type=date])";

/** @param {HTMLFormElement} form */
function addressOf(form) {
  const address = new URL(form.action || location.href, location.href);
  const filled = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) filled.append(name, value);
  address.search = filled.toString();
  return address;
}

/**
 * @param {URL} address
 * @param {AbortSignal} signal
 */
async function fetchPage(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error("not a list");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** @param {Document} page */
function showResults(page) {
  for (const results of document.querySelectorAll("[data-results]")) {
    const fresh = page.getElementById(results.id);
    if (fresh) results.replaceChildren(...fresh.childNodes);
  }
  const otherLanguage = page.querySelector("a[hreflang]")?.getAttribute("href"); // of what is shown
  for (const link of queryAll(document, "a[hreflang]", HTMLAnchorElement)) link.href = otherLanguage ?? link.href;
}

/**
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
async function load(form, signal) {
  const address = addressOf(form);
  try {
    showResults(await fetchPage(address, signal));
    history.replaceState(null, "", address);
    document.dispatchEvent(new CustomEvent("resultschange"));
  } catch (error) {
    const isOvertaken = error instanceof DOMException && error.name === "AbortError";
    if (!isOvertaken) location.assign(address);
  }
}

/** @param {HTMLFormElement} form */
function followForm(form) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let loading = new AbortController();
  /** @param {number} pause ms */
  const soon = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      loading.abort();
      loading = new AbortController();
      load(form, loading.signal);
    }, pause);
  };
  form.addEventListener("input", (event) => {
    if (event.target instanceof Element && event.target.matches(TYPED)) soon(PAUSE);
  });
  form.addEventListener("change", () => soon(0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
}

/** Let the filter forms of the page answer at once. */
export function followFilters() {
  for (const form of queryAll(document, "form[data-autosubmit]", HTMLFormElement)) followForm(form);
}
