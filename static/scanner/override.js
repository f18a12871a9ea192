// Admitting against the rule: a reason, and on a guarded device the PIN.

import { part, query } from "../js/dom.js";
import { PREFIX } from "./code.js";

/** @import { Words } from "../../types/setup.js" */

const MIN_REASON_LENGTH = 3;

export class Override {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {object} parts
   * @param {Words} parts.words
   * @param {((pin: string) => Promise<boolean>) | null} parts.checkPin null: no PIN is asked for
   * @param {(reason: string) => void} parts.onReason
   */
  constructor(dialog, { words, checkPin, onReason }) {
    this.dialog = dialog;
    this.words = words;
    this.checkPin = checkPin;
    this.onReason = onReason;
    this.reason = query(dialog, "#override-reason", HTMLInputElement);
    this.pin = query(dialog, "#override-pin", HTMLInputElement);
    this.note = part(dialog, "override-note");
    query(dialog, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  open() {
    this.reason.value = "";
    this.pin.value = "";
    part(this.dialog, "override-pin").hidden = !this.checkPin;
    this.pin.disabled = !this.checkPin;
    this.note.textContent = "";
    this.dialog.showModal();
  }

  async submit() {
    const reason = this.reason.value.trim();
    if (reason.length < MIN_REASON_LENGTH) return;
    if (reason.includes(PREFIX)) return this.refuseBadge();
    if (this.checkPin && !(await this.checkPin(this.pin.value))) {
      this.note.textContent = this.words.wrong_pin;
      return;
    }
    this.dialog.close();
    this.onReason(reason);
  }

  /** A hand scanner typed the next person's badge. */
  refuseBadge() {
    this.reason.value = "";
    this.note.textContent = this.words.badge_as_reason;
  }
}
