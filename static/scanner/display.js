// What the person at the door sees: one colour, one word, the name, and why. Nothing shown here is stored.

import { part, queryAll } from "../js/dom.js";
import { OVERRIDABLE, PASSES } from "./rules.js";
import { play } from "./sound.js";

/**
 * @import { Answer, Decision, Meaning, Named } from "../../types/gate.js"
 * @import { Words } from "../../types/setup.js"
 */

/** @type {Record<Decision, Meaning>} */
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
const TEXTS = /** @type {const} */ (["title", "name", "company", "category", "reason", "level", "escort", "by"]);
const SHOW_GOOD = 2500; // ms; a refusal stays until someone deals with it

/** @typedef {Partial<Record<typeof TEXTS[number], string>>} Texts */

/**
 * How an answer is shown and heard.
 * @param {Pick<Answer, "admitted" | "decision">} answer
 * @returns {Meaning}
 */
export const meaningOf = (answer) => (answer.admitted ? "good" : (MEANINGS[answer.decision] ?? "stop"));

export class Display {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   * @param {object} parts
   * @param {boolean} parts.mayOverride
   * @param {(record: Named) => string} parts.nameOf picks the reader's language
   * @param {() => string} parts.source says by what a device decides
   */
  constructor(root, words, { mayOverride, nameOf, source }) {
    this.root = root;
    this.words = words;
    this.mayOverride = mayOverride;
    this.nameOf = nameOf;
    this.source = source;
    /** @type {number | undefined} */
    this.timer = undefined;
    root.addEventListener("click", (event) => {
      if (event.target instanceof Element && !event.target.closest("button")) this.clear();
    });
    part(root, "next").addEventListener("click", () => this.clear());
  }

  get isShown() {
    return !this.root.hidden;
  }

  waiting() {
    this.show("waiting", { title: this.words.waiting });
  }

  /**
   * No answer: nobody knows, and the page says so.
   * @param {boolean} isKept whether the scan outlives this page
   */
  unanswered(isKept) {
    const reason = isKept ? this.words.no_answer_reason : this.words.not_kept_reason;
    this.show("attention", { title: this.words.no_answer, reason });
    play("attention");
  }

  /** @param {string} reason */
  refused(reason) {
    this.show("stop", { title: this.words.refused, reason });
    play("stop");
  }

  /**
   * A decision, by the server or by this device: the two look and sound different.
   * @param {Answer} answer
   */
  answer(answer) {
    const meaning = meaningOf(answer);
    this.show(meaning, {
      ...this.person(answer),
      title: this.title(answer),
      reason: this.reason(answer),
      by: answer.byDevice ? this.source() : "",
    });
    part(this.root, "override").hidden = !this.canOverride(answer);
    play(meaning, answer.byDevice);
    if (meaning === "good" && !answer.level && !answer.escort) this.timer = setTimeout(() => this.clear(), SHOW_GOOD);
  }

  /** @param {Answer} answer */
  canOverride(answer) {
    return this.mayOverride && !answer.admitted && answer.direction === "entry" && OVERRIDABLE.has(answer.decision);
  }

  /** @param {Answer} answer */
  title(answer) {
    if (!answer.admitted) return this.words.labels[answer.decision];
    return answer.direction === "exit" ? this.words.out : this.words.in;
  }

  /** @param {Answer} answer */
  reason(answer) {
    if (answer.admitted && !PASSES.has(answer.decision)) return this.words.overridden;
    if (answer.admitted && answer.direction === "exit") return this.words.goodbye;
    return this.words.reasons[answer.decision] ?? answer.reason;
  }

  /**
   * @param {Answer} answer
   * @returns {Texts}
   */
  person({ name, company, category, level, escort }) {
    return {
      name,
      company,
      category: typeof category === "string" ? category : this.nameOf(category),
      level: level ? this.words.levels[level] : "",
      escort: escort ? this.words.escort : "",
    };
  }

  /**
   * @param {Meaning | "waiting"} meaning
   * @param {Texts} texts
   */
  show(meaning, texts) {
    clearTimeout(this.timer);
    this.root.hidden = false;
    this.root.dataset.meaning = meaning;
    this.root.dataset.by = texts.by ? "device" : "server";
    for (const name of TEXTS) {
      const element = part(this.root, name);
      (element.querySelector("[data-text]") ?? element).textContent = texts[name] ?? "";
      element.hidden = !texts[name];
    }
    for (const icon of queryAll(this.root, "[data-icon]", HTMLElement)) icon.hidden = icon.dataset.icon !== meaning;
    part(this.root, "override").hidden = true;
    part(this.root, "next").hidden = meaning === "waiting";
  }

  /** The last person leaves the page with the next one, and with the lock. */
  clear() {
    clearTimeout(this.timer);
    this.root.hidden = true;
    for (const name of ["name", "company"]) part(this.root, name).textContent = "";
  }
}
