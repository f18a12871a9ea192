// What the person at the door sees: one colour, one word, the name, and why. Nothing shown here is stored.

import { OVERRIDABLE, PASSES } from "./rules.js";
import { play } from "./sound.js";

const MEANINGS = {
  admitted: "good",
  re_entry: "good",
  already_inside: "attention",
  wrong_day: "attention",
  wrong_zone: "attention",
  not_open: "attention",
  capacity: "attention",
  revoked: "stop",
  unknown: "stop",
  bad_signature: "stop",
  blocked: "stop",
};
const TEXTS = ["title", "name", "company", "category", "reason", "level", "escort", "by"];
const SHOW_GOOD = 2500; // ms; a refusal stays until someone deals with it

export const meaningOf = (answer) => (answer.admitted ? "good" : (MEANINGS[answer.decision] ?? "stop"));

export class Display {
  /** `nameOf(record)` picks the reader's language; `source()` says by what a device decides. */
  constructor(root, words, { mayOverride, nameOf, source }) {
    Object.assign(this, { root, words, mayOverride, nameOf, source });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    root.addEventListener("click", (event) => {
      if (!event.target.closest("button")) this.clear();
    });
    this.part("next").addEventListener("click", () => this.clear());
  }

  get shown() {
    return !this.root.hidden;
  }

  waiting() {
    this.show("waiting", { title: this.words.waiting });
  }

  /** No answer: nobody knows, and the page says so. */
  unanswered(kept) {
    this.show("attention", { title: this.words.no_answer, reason: kept ? this.words.no_answer_reason : this.words.not_kept_reason });
    play("attention");
  }

  refused(message) {
    this.show("stop", { title: this.words.refused, reason: message });
    play("stop");
  }

  /** A decision, by the server or by this device: the two look and sound different. */
  answer(answer) {
    const meaning = meaningOf(answer);
    this.show(meaning, { ...this.person(answer), title: this.title(answer), reason: this.reason(answer), by: answer.byDevice ? this.source() : "" });
    const open = this.mayOverride && !answer.admitted && answer.direction === "entry" && OVERRIDABLE.has(answer.decision);
    this.part("override").hidden = !open;
    play(meaning, answer.byDevice);
    if (meaning === "good" && !answer.level && !answer.escort) this.timer = setTimeout(() => this.clear(), SHOW_GOOD);
  }

  title(answer) {
    if (!answer.admitted) return this.words.labels[answer.decision];
    return answer.direction === "exit" ? this.words.out : this.words.in;
  }

  reason(answer) {
    if (answer.admitted && !PASSES.has(answer.decision)) return this.words.overridden;
    if (answer.admitted && answer.direction === "exit") return this.words.goodbye;
    return this.words.reasons[answer.decision] ?? answer.reason;
  }

  person({ name, company, category, level, escort }) {
    return {
      name,
      company,
      category: typeof category === "string" ? category : this.nameOf(category),
      level: level ? this.words.levels[level] : "",
      escort: escort ? this.words.escort : "",
    };
  }

  show(meaning, texts) {
    clearTimeout(this.timer);
    this.root.hidden = false;
    this.root.dataset.meaning = meaning;
    this.root.dataset.by = texts.by ? "device" : "server";
    for (const name of TEXTS) {
      const part = this.part(name);
      (part.querySelector("[data-text]") ?? part).textContent = texts[name] ?? "";
      part.hidden = !texts[name];
    }
    for (const icon of this.root.querySelectorAll("[data-icon]")) icon.toggleAttribute("hidden", icon.dataset.icon !== meaning);
    this.part("override").hidden = true;
    this.part("next").hidden = meaning === "waiting";
  }

  /** The last person leaves the page with the next one, and with the lock. */
  clear() {
    clearTimeout(this.timer);
    this.root.hidden = true;
    for (const name of ["name", "company"]) this.part(name).textContent = "";
  }
}
