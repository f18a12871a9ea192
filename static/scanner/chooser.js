// Choosing the lane: which gate, which way, which reader. The choice is remembered on this device.

export class Chooser {
  /** `gates`: [{code, name_zh, name_en, zone, direction, closed}]; `onStart(choice, reader)`. */
  constructor(form, { key, words, nameOf, onStart }) {
    Object.assign(this, { form, key, words, nameOf });
    this.gates = [];
    form.addEventListener("change", () => this.fitDirections());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const choice = this.choice();
      if (!choice) return;
      localStorage.setItem(key, JSON.stringify({ gate: choice.gate.code, direction: choice.direction }));
      onStart(choice, event.submitter?.value ?? "scanner");
    });
  }

  /** Show these gates, keeping what was chosen. */
  offer(gates) {
    const chosen = this.choice()?.gate.code;
    const remembered = JSON.parse(localStorage.getItem(this.key) ?? "{}");
    this.gates = gates.filter((gate) => !gate.closed);
    const wanted = this.gates.find((gate) => gate.code === (chosen ?? remembered.gate)) ?? this.gates[0];
    this.form.querySelector("[data-part=gates]").replaceChildren(...this.gates.map((gate) => this.option(gate, gate === wanted)));
    this.form.querySelector("[data-part=no-gates]").hidden = this.gates.length > 0;
    const direction = this.form.querySelector(`input[name=direction][value="${remembered.direction ?? "entry"}"]`);
    if (direction && !chosen) direction.checked = true;
    this.fitDirections();
  }

  option(gate, checked) {
    const label = document.createElement("label");
    label.className = "gate-option";
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "gate", value: gate.code, required: true, checked });
    const text = document.createElement("span");
    const note = [gate.code, gate.zone && this.nameOf(gate.zone_names ?? { name_en: gate.zone, name_zh: gate.zone })];
    for (const [part, words] of [["name", this.nameOf(gate)], ["note", note.filter(Boolean).join(" · ")]]) {
      const line = document.createElement("span");
      line.className = `gate-option-${part}`;
      line.textContent = words;
      text.append(line);
    }
    label.append(input, text);
    return label;
  }

  choice() {
    const code = this.form.querySelector("input[name=gate]:checked")?.value;
    const gate = this.gates.find((one) => one.code === code);
    return gate && { gate, direction: this.form.querySelector("input[name=direction]:checked")?.value ?? "entry" };
  }

  fitDirections() {
    const gate = this.choice()?.gate;
    for (const option of this.form.querySelectorAll("input[name=direction]")) {
      option.disabled = Boolean(gate) && !["both", option.value].includes(gate.direction);
      if (option.disabled && option.checked) option.checked = false;
    }
    const left = this.form.querySelector("input[name=direction]:checked") ?? this.form.querySelector("input[name=direction]:not(:disabled)");
    if (left) left.checked = true;
  }
}
