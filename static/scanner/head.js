// The head of the page at the door: how many are inside, what this gate saw, who decides, and what waits.

import { part } from "../js/dom.js";

/**
 * @import { Counts, Crowd, Mode } from "../../types/gate.js"
 * @import { Words } from "../../types/setup.js"
 */

export class Head {
  /**
   * @param {HTMLElement} root
   * @param {{ words: Words, locale: string }} setup
   */
  constructor(root, { words, locale }) {
    this.root = root;
    this.words = words;
    this.number = new Intl.NumberFormat(locale);
  }

  /**
   * @param {Crowd} crowd
   * @param {string} [gate] the code of the chosen one
   */
  showCrowd({ inside, capacity, level, gates }, gate) {
    const { root, words, number } = this;
    part(root, "inside").textContent = number.format(inside);
    part(root, "capacity").textContent = capacity ? words.of.replace("{n}", number.format(capacity)) : "";
    part(root, "crowd").dataset.level = String(level);
    const flow = gates?.find(({ code }) => code === gate);
    if (!flow) return;
    const text = words.here.replace("{in}", number.format(flow.entries)).replace("{out}", number.format(flow.exits));
    part(root, "here").textContent = text;
  }

  /**
   * Who decides, what is said of it, and how many scans wait or were not taken.
   * @param {Mode} mode
   * @param {string} text
   * @param {Counts} counts
   */
  showMode(mode, text, { waiting, refused }) {
    part(this.root, "mode").dataset.online = String(mode === "server");
    part(this.root, "mode-word").textContent = text;
    this.showCount("queue", waiting, this.words.waiting_scans);
    this.showCount("aside", refused, this.words.refused_scans);
    part(this.root, "again").hidden = !refused;
  }

  /**
   * @param {string} name
   * @param {number} count
   * @param {string} sentence
   */
  showCount(name, count, sentence) {
    const element = part(this.root, name);
    element.textContent = count ? sentence.replace("{n}", this.number.format(count)) : "";
    element.hidden = !count;
  }
}
