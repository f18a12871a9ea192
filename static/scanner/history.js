// The last scans of this device, on the page alone.

import { meaningOf } from "./display.js";

/**
 * @import { Answer } from "../../types/gate.js"
 * @import { Setup } from "../../types/setup.js"
 */

const MAX_SHOWN = 10;

export class History {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} empty shown while nothing was scanned
   * @param {Pick<Setup, "words" | "locale" | "time_zone">} setup
   */
  constructor(list, empty, { words, locale, time_zone: timeZone }) {
    this.list = list;
    this.empty = empty;
    this.words = words;
    this.clock = new Intl.DateTimeFormat(locale, {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
  }

  /** @param {Answer} answer */
  add(answer) {
    const item = document.createElement("li");
    item.dataset.meaning = meaningOf(answer);
    item.dataset.by = answer.byDevice ? "device" : "server";
    const passage = answer.direction === "exit" ? this.words.out : this.words.in;
    const time = document.createElement("time");
    time.textContent = this.clock.format(new Date(answer.at));
    item.append(time, span("gate-last-name", answer.name || this.words.no_name));
    item.append(span("gate-last-word", answer.admitted ? passage : this.words.labels[answer.decision]));
    this.list.prepend(item);
    while (this.list.children.length > MAX_SHOWN) this.list.lastElementChild?.remove();
    this.empty.hidden = true;
  }

  clear() {
    this.list.replaceChildren();
    this.empty.hidden = false;
  }
}

/**
 * @param {string} className
 * @param {string} text
 */
function span(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
