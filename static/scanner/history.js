// The last scans of this device, on the page alone.

import { meaningOf } from "./display.js";

const LAST_SHOWN = 10;

export class History {
  constructor(list, empty, { words, locale, time_zone: timeZone }) {
    Object.assign(this, { list, empty, words });
    this.clock = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  }

  add(answer) {
    const item = document.createElement("li");
    item.dataset.meaning = meaningOf(answer);
    item.dataset.by = answer.byDevice ? "device" : "server";
    const passed = answer.direction === "exit" ? this.words.out : this.words.in;
    const time = document.createElement("time");
    time.textContent = this.clock.format(new Date(answer.at));
    item.append(time, span("gate-last-name", answer.name || this.words.no_name));
    item.append(span("gate-last-word", answer.admitted ? passed : this.words.labels[answer.decision]));
    this.list.prepend(item);
    while (this.list.children.length > LAST_SHOWN) this.list.lastElementChild.remove();
    this.empty.hidden = true;
  }

  clear() {
    this.list.replaceChildren();
    this.empty.hidden = false;
  }
}

function span(name, text) {
  const part = document.createElement("span");
  part.className = name;
  part.textContent = text;
  return part;
}
