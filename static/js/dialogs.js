// Confirm dialogs open by the popover attribute alone; this adds focus and one-at-a-time menus.

import { queryAll, queryOptional } from "./dom.js";

const FIRST_FIELD = "[autofocus], input:not([type=hidden]), textarea, select, button";

/** Give confirm dialogs their focus; close menus by a click elsewhere and by Escape. */
export function tidyDialogs() {
  for (const dialog of queryAll(document, ".confirm[popover]", HTMLElement)) {
    dialog.addEventListener("toggle", (event) => {
      if (event.newState === "open") queryOptional(dialog, FIRST_FIELD, HTMLElement)?.focus();
    });
  }
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

const openMenus = () => queryAll(document, "details.dropdown[open]", HTMLDetailsElement);
