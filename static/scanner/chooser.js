// Choosing the lane: which gate, which way, which reader. The choice is remembered on this device.

import { part, queryAll, queryOptional } from "../js/dom.js";

/** @import { Direction, Named, OfferedGate } from "../../types/gate.js" */

/** @typedef {{ gate: OfferedGate, direction: Direction }} Choice */
/** @typedef {"camera" | "scanner"} Tool how badges are read */

export class Chooser {
  /**
   * @param {HTMLElement} form
   * @param {object} parts
   * @param {string} parts.key under which this browser remembers the choice
   * @param {(record: Named) => string} parts.nameOf
   * @param {(choice: Choice, tool: Tool) => void} parts.onStart
   */
  constructor(form, { key, nameOf, onStart }) {
    this.form = form;
    this.key = key;
    this.nameOf = nameOf;
    /** @type {OfferedGate[]} */
    this.gates = [];
    form.addEventListener("change", () => this.fitDirections());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const choice = this.choice();
      if (!choice) return;
      localStorage.setItem(key, JSON.stringify({ gate: choice.gate.code, direction: choice.direction }));
      const button = event instanceof SubmitEvent ? event.submitter : null;
      onStart(choice, button instanceof HTMLButtonElement && button.value === "camera" ? "camera" : "scanner");
    });
  }

  /**
   * Show these gates, keeping what was chosen.
   * @param {OfferedGate[]} gates
   */
  offer(gates) {
    const chosen = this.choice()?.gate.code;
    /** @type {{ gate?: string, direction?: Direction }} */
    const remembered = JSON.parse(localStorage.getItem(this.key) ?? "{}");
    this.gates = gates.filter((gate) => !gate.closed);
    const wanted = this.gates.find((gate) => gate.code === (chosen ?? remembered.gate)) ?? this.gates[0];
    part(this.form, "gates").replaceChildren(...this.gates.map((gate) => this.option(gate, gate === wanted)));
    part(this.form, "no-gates").hidden = this.gates.length > 0;
    const direction = this.radio(`input[name=direction][value="${remembered.direction ?? "entry"}"]`);
    if (direction && !chosen) direction.checked = true;
    this.fitDirections();
  }

  /**
   * @param {OfferedGate} gate
   * @param {boolean} checked
   */
  option(gate, checked) {
    const label = document.createElement("label");
    label.className = "gate-option";
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "gate", value: gate.code, required: true, checked });
    const zone = gate.zone && this.nameOf(gate.zone_names ?? { name_en: gate.zone, name_zh: gate.zone });
    const text = document.createElement("span");
    text.append(
      line("gate-option-name", this.nameOf(gate)),
      line("gate-option-note", [gate.code, zone].filter(Boolean).join(" · ")),
    );
    label.append(input, text);
    return label;
  }

  /** @returns {Choice | undefined} */
  choice() {
    const code = this.radio("input[name=gate]:checked")?.value;
    const gate = this.gates.find((offered) => offered.code === code);
    const isExit = this.radio("input[name=direction]:checked")?.value === "exit";
    return gate && { gate, direction: isExit ? "exit" : "entry" };
  }

  fitDirections() {
    const gate = this.choice()?.gate;
    for (const option of queryAll(this.form, "input[name=direction]", HTMLInputElement)) {
      option.disabled = gate !== undefined && !["both", option.value].includes(gate.direction);
      if (option.disabled && option.checked) option.checked = false;
    }
    const direction = this.radio("input[name=direction]:checked") ?? this.radio("input[name=direction]:not(:disabled)");
    if (direction) direction.checked = true;
  }

  /** @param {string} selector */
  radio(selector) {
    return queryOptional(this.form, selector, HTMLInputElement);
  }
}

/**
 * @param {string} className
 * @param {string} text
 */
function line(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
