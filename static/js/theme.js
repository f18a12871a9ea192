// Light or dark by the person's choice, kept in a cookie so that the server draws the page right at once.

import { queryAll } from "./dom.js";

const YEAR = 365 * 24 * 3600; // seconds

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** @param {HTMLElement} button */
function show(button) {
  button.setAttribute("aria-pressed", String(isDark()));
}

/** Let people choose between light and dark. */
export function offerThemes() {
  for (const button of queryAll(document, "[data-theme-toggle]", HTMLElement)) {
    button.hidden = false;
    show(button);
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      const secure = location.protocol === "https:" ? "; secure" : "";
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing from browsers that FairApp supports
      document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
      show(button);
      document.dispatchEvent(new CustomEvent("themechange"));
    });
  }
}
