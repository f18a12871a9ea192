// Many rows, one decision: in <form data-selection> the box [data-select-all] ticks all rows,
// and [data-selected-count] says how many are ticked.

import { queryAll, queryOptional } from "./dom.js";

/** @param {HTMLFormElement} form */
const rowBoxes = (form) => queryAll(form, "tbody input[type=checkbox]", HTMLInputElement);

/** @param {HTMLFormElement} form */
function show(form) {
  const boxes = rowBoxes(form);
  const ticked = boxes.filter((box) => box.checked).length;
  for (const count of form.querySelectorAll("[data-selected-count]")) count.textContent = String(ticked);
  for (const button of queryAll(form, "[data-needs-selection]", HTMLButtonElement)) button.disabled = ticked === 0;
  const all = queryOptional(form, "[data-select-all]", HTMLInputElement);
  if (!all) return;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}

/** Keep the boxes and counts of the page's selections together. */
export function followSelection() {
  for (const form of queryAll(document, "form[data-selection]", HTMLFormElement)) {
    form.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.matches("[data-select-all]")) {
        for (const box of rowBoxes(form)) box.checked = target.checked;
      }
      show(form);
    });
    document.addEventListener("resultschange", () => show(form));
    show(form);
  }
}
