// Finding a person without a code: by name, pinyin, company or badge number.

const WAIT = 200; // ms after the last key

export class Lookup {
  /** `find(text)` asks the server; `onChosen(person)`. */
  constructor(dialog, { find, words, onChosen }) {
    this.dialog = dialog;
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("ul");
    this.note = dialog.querySelector("[data-part=note]");
    this.find = find;
    this.words = words;
    this.onChosen = onChosen;
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), WAIT);
    });
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
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

  async search() {
    const text = this.field.value.trim();
    if (!text) return;
    try {
      const { found } = await this.find(text);
      if (text === this.field.value.trim()) this.draw(found);
    } catch {
      this.note.textContent = this.words.no_search;
    }
  }

  draw(found) {
    this.note.textContent = found.length ? "" : this.words.nobody;
    this.list.replaceChildren(...found.map((person) => this.line(person)));
  }

  line(person) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "gate-person";
    for (const [name, text] of [["name", person.name], ["company", person.company], ["more", `${person.category} · ${person.number}`]]) {
      const part = document.createElement("span");
      part.className = `gate-person-${name}`;
      part.textContent = text;
      button.append(part);
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
