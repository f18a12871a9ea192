// A USB or Bluetooth scanner types the code and ends with Enter, much faster than a person.

export const MAX_KEY_GAP = 120; // ms between two keys of one code: a person is slower
export const MIN_CODE_LENGTH = 6;
const TYPED_INTO = "input, textarea, select, [popover]:popover-open, dialog[open]";

/** Puts single keys together to the codes that a scanner types. */
export class KeyReader {
  constructor() {
    this.text = "";
    this.lastAt = 0;
  }

  /**
   * One key at a moment in ms: the code that it ends, if any, and whether the page must not hear of the key.
   * @param {string} key as KeyboardEvent has it
   * @param {number} at
   * @returns {{ code: string | null, isOurs: boolean }}
   */
  press(key, at) {
    if (at - this.lastAt > MAX_KEY_GAP) this.text = "";
    this.lastAt = at;
    if (key === "Enter" || key === "Tab") return this.end();
    if (key.length !== 1) return { code: null, isOurs: false };
    this.text += key;
    // a space would press the button that has the focus
    return { code: null, isOurs: this.text.length > 1 };
  }

  end() {
    const code = this.text.length >= MIN_CODE_LENGTH ? this.text : null;
    this.text = "";
    return { code, isOurs: code !== null };
  }
}

/**
 * Hear each code that a scanner types, wherever the focus is, but for fields and open dialogs.
 * @param {(code: string) => void} onCode
 */
export function listenToScanner(onCode) {
  const reader = new KeyReader();
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof Element && event.target.closest(TYPED_INTO)) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const { code, isOurs } = reader.press(event.key, performance.now());
    if (isOurs) event.preventDefault();
    if (code) onCode(code);
  });
}
