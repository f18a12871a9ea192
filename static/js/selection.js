// Many rows, one decision: in <form data-selection> the box [data-select-all] ticks all rows,
// and [data-selected-count] says how many are ticked.

function show(form) {
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const ticked = boxes.filter((box) => box.checked).length;
  for (const count of form.querySelectorAll("[data-selected-count]")) count.textContent = String(ticked);
  for (const button of form.querySelectorAll("[data-needs-selection]")) button.disabled = ticked === 0;
  const all = form.querySelector("[data-select-all]");
  if (!all) return;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}

export function followSelection() {
  for (const form of document.querySelectorAll("form[data-selection]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-select-all]")) {
        for (const box of form.querySelectorAll("tbody input[type=checkbox]")) box.checked = event.target.checked;
      }
      show(form);
    });
    document.addEventListener("resultschange", () => show(form));
    show(form);
  }
}
