// A USB or Bluetooth scanner types the code and ends with Enter, much faster than a person.

const FASTEST_PERSON = 120; // ms between two keys of one code, at most
const SHORTEST = 6;

export function listenToScanner(onCode) {
  let text = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea, select, [popover]:popover-open, dialog[open]")) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const now = performance.now();
    if (now - last > FASTEST_PERSON) text = "";
    last = now;
    if (event.key === "Enter" || event.key === "Tab") {
      if (text.length < SHORTEST) return;
      event.preventDefault();
      onCode(text);
      text = "";
    } else if (event.key.length === 1) {
      text += event.key;
      // a space would press the button that has the focus
      if (text.length > 1) event.preventDefault();
    }
  });
}
