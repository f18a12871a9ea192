// What the person at the door sees: one colour, one word, the name, and why.

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
const OVERRIDABLE = new Set(["already_inside", "wrong_day", "wrong_zone", "not_open", "capacity", "revoked", "blocked"]);
const SHOW_GOOD = 2500; // ms; a refusal stays until someone deals with it

export const meaningOf = (answer) => (answer.admitted ? "good" : (MEANINGS[answer.decision] ?? "stop"));

export class Display {
  constructor(root, words, { mayOverride }) {
    this.root = root;
    this.words = words;
    this.mayOverride = mayOverride;
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
    this.show("waiting", { title: this.words.waiting, reason: "" });
  }

  /** No answer: nobody knows, and the page says so. */
  unanswered() {
    this.show("attention", { title: this.words.no_answer, reason: this.words.no_answer_reason });
    play("attention");
  }

  refused(message) {
    this.show("stop", { title: this.words.refused, reason: message });
    play("stop");
  }

  answer(answer) {
    const meaning = meaningOf(answer);
    const leaving = answer.admitted && answer.direction === "exit";
    const title = leaving ? this.words.out : answer.admitted ? this.words.in : this.words.labels[answer.decision];
    const forced = answer.admitted && !["admitted", "re_entry"].includes(answer.decision);
    this.show(meaning, {
      title,
      reason: forced ? this.words.overridden : answer.reason,
      name: answer.name,
      company: answer.company,
      category: answer.category,
      level: answer.level ? this.words.levels[answer.level] : "",
    });
    const override = this.part("override");
    override.hidden = !(this.mayOverride && !answer.admitted && answer.direction === "entry" && OVERRIDABLE.has(answer.decision));
    play(meaning);
    if (meaning === "good" && !answer.level) this.timer = setTimeout(() => this.clear(), SHOW_GOOD);
  }

  show(meaning, texts) {
    clearTimeout(this.timer);
    this.root.hidden = false;
    this.root.dataset.meaning = meaning;
    for (const name of ["title", "name", "company", "category", "reason", "level"]) {
      const part = this.part(name);
      part.textContent = texts[name] ?? "";
      part.hidden = !texts[name];
    }
    for (const icon of this.root.querySelectorAll("[data-icon]")) icon.toggleAttribute("hidden", icon.dataset.icon !== meaning);
    this.part("override").hidden = true;
    this.part("next").hidden = meaning === "waiting";
  }

  clear() {
    clearTimeout(this.timer);
    this.root.hidden = true;
  }
}
