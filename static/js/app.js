// Starts what the page asks for by data attributes. Every page works without it.

import { followFilters } from "./filters.js";
import { followLive } from "./live.js";
import { followProgress } from "./progress.js";
import { offerThemes } from "./theme.js";
import { tidyDialogs } from "./dialogs.js";
import { followSelection } from "./selection.js";

document.documentElement.classList.add("js");

offerThemes();
tidyDialogs();
followFilters();
followLive();
followProgress();
followSelection();

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("data-copied", "");
    const words = button.querySelector("span");
    if (words && button.dataset.done) words.textContent = button.dataset.done;
  });
}

// A form is sent once: a second tap on a slow network does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
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
