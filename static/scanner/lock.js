// A PIN between a found phone and the gate.

import { part, query } from "../js/dom.js";
import { checkPin } from "./pin.js";

/**
 * @import { Store } from "./store.js"
 * @import { Words } from "../../types/setup.js"
 */

const IDLE = 5 * 60_000; // ms without a touch or a scan

export class Lock {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {object} parts
   * @param {Store} parts.store
   * @param {Words} parts.words
   * @param {() => void} parts.onLock clears what is on the screen
   */
  constructor(dialog, { store, words, onLock }) {
    this.dialog = dialog;
    this.store = store;
    this.words = words;
    this.onLock = onLock;
    this.used = false;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.field = query(dialog, "input", HTMLInputElement);
    this.note = part(dialog, "lock-note");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    query(dialog, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.unlock(this.field.value);
    });
  }

  /** Take up the work: locked from the start where a PIN was set. */
  async start() {
    this.used = (await this.store.fact("pin")) !== undefined;
    if (!this.used) return;
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, () => this.touched(), { passive: true });
    }
    this.close();
  }

  touched() {
    clearTimeout(this.timer);
    if (this.used) this.timer = setTimeout(() => this.close(), IDLE);
  }

  close() {
    if (this.dialog.open) return;
    this.onLock();
    for (const other of document.querySelectorAll("dialog")) other.close();
    this.field.value = "";
    this.note.textContent = "";
    this.dialog.showModal();
  }

  /** The phone is no gate any more: there is nothing to lock. */
  end() {
    clearTimeout(this.timer);
    this.used = false;
    this.dialog.close();
  }

  /** @param {string} pin */
  async unlock(pin) {
    this.field.value = "";
    this.note.textContent = "";
    if (await checkPin(this.store, pin)) {
      this.dialog.close();
      this.touched();
    } else {
      this.note.textContent = this.words.wrong_pin;
    }
  }
}
