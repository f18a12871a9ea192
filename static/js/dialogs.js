// Confirm dialogs open by the popover attribute alone; this adds focus and one-at-a-time menus.

function focusFirst(event) {
  if (event.newState !== "open") return;
  const first = event.target.querySelector("[autofocus], input:not([type=hidden]), textarea, select, button");
  if (first) first.focus();
}

export function tidyDialogs() {
  for (const dialog of document.querySelectorAll(".confirm[popover]")) {
    dialog.addEventListener("toggle", focusFirst);
  }
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.dropdown[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.dropdown[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
}
