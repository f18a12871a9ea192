// Starts what the page asks for by data attributes. Every page works without it.

import { tidyDialogs } from "./dialogs.js";
import { queryAll, queryOptional } from "./dom.js";
import { followFilters } from "./filters.js";
import { followLive } from "./live.js";
import { followProgress } from "./progress.js";
import { followSelection } from "./selection.js";
import { offerThemes } from "./theme.js";

document.documentElement.classList.add("js");

offerThemes();
tidyDialogs();
followFilters();
followLive();
followProgress();
followSelection();

queryOptional(document, "[data-error-summary]", HTMLElement)?.focus();

for (const button of queryAll(document, "[data-print]", HTMLElement)) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of queryAll(document, "[data-copy]", HTMLElement)) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.setAttribute("data-copied", "");
    const words = button.querySelector("span");
    if (words && button.dataset.done) words.textContent = button.dataset.done;
  });
}

// A form is sent once: a second tap on a slow network does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of queryAll(document, "form[data-sent]", HTMLFormElement)) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// The first figure may come later, with a filter or with the first scan of the morning.
async function drawFigures() {
  if (!document.querySelector("[data-chart]")) return;
  document.removeEventListener("resultschange", drawFigures);
  const { drawCharts } = await import("./charts.js");
  drawCharts();
}
document.addEventListener("resultschange", drawFigures);
drawFigures();
