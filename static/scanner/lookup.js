// Finding a person without a code: by name, pinyin, company or badge number.

import { part, query } from "../js/dom.js";

/**
 * @import { FoundPerson } from "../../types/gate.js"
 * @import { Words } from "../../types/setup.js"
 */

const WAIT = 200; // ms after the last key

export class Lookup {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {object} parts
   * @param {(text: string) => Promise<FoundPerson[]>} parts.search asks the server
   * @param {Words} parts.words
   * @param {(person: FoundPerson) => void} parts.onChosen
   */
  constructor(dialog, { search, words, onChosen }) {
    this.dialog = dialog;
    this.field = query(dialog, "input", HTMLInputElement);
    this.list = query(dialog, "ul", HTMLUListElement);
    this.note = part(dialog, "note");
    this.search = search;
    this.words = words;
    this.onChosen = onChosen;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), WAIT);
    });
    query(dialog, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.find();
    });
  }

  clear() {
    this.field.value = "";
    this.list.replaceChildren();
    this.note.textContent = "";
  }

  open() {
    this.clear();
    this.dialog.showModal();
    this.field.focus();
  }

  async find() {
    const text = this.field.value.trim();
    if (!text) return;
    try {
      const people = await this.search(text);
      if (text === this.field.value.trim()) this.draw(people);
    } catch {
      this.note.textContent = this.words.no_search;
    }
  }

  /** @param {FoundPerson[]} people */
  draw(people) {
    this.note.textContent = people.length ? "" : this.words.nobody;
    this.list.replaceChildren(...people.map((person) => this.line(person)));
  }

  /** @param {FoundPerson} person */
  line(person) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "gate-person";
    const texts = { name: person.name, company: person.company, more: `${person.category} · ${person.number}` };
    for (const [name, text] of Object.entries(texts)) {
      const span = document.createElement("span");
      span.className = `gate-person-${name}`;
      span.textContent = text;
      button.append(span);
    }
    button.addEventListener("click", () => {
      this.dialog.close();
      this.onChosen(person);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }
}
