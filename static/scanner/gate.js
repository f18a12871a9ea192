// The page at the door, for a signed-in steward and for a device alike: read a badge, show the answer.

import { Camera } from "./camera.js";
import { Chooser } from "./chooser.js";
import { PREFIX } from "./code.js";
import { Display } from "./display.js";
import { History } from "./history.js";
import { listenToScanner } from "./keys.js";
import { Silence } from "./line.js";
import { Lookup } from "./lookup.js";
import { allowSound } from "./sound.js";

const SLOW = 300; // ms without an answer before the page says that it waits
const STATUS_EVERY = 5000;
const SHORTEST_REASON = 3;
const LONGEST_CODE = 1000; // of what anybody may hold before the camera; the server takes no more

export class Gate {
  /**
   * `setup`: what the page was served with; `lane` answers; `line` asks for status and search;
   * `source()` names the list a device decides by; `checkPin(pin)` guards an override;
   * `keeps`: scans outlive this page; `onScan()` hears that a badge was shown, `onRefused(error)` that the server
   * would not, `onTryAgain()` that what was set aside is to be sent once more.
   */
  constructor(root, setup, { lane, line, source = () => "", checkPin = null, keeps = true, onScan = () => {}, onRefused = () => {}, onTryAgain }) {
    Object.assign(this, { root, setup, lane, line, checkPin, keeps, onScan, onRefused, onTryAgain });
    this.words = setup.words;
    this.number = new Intl.NumberFormat(setup.locale);
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.chosen = null;
    this.last = null; // the scan on the screen, for an override
    this.busy = false;
    this.over = false;
    this.build(source);
    this.listen();
  }

  nameOf = (record) => (this.setup.locale.startsWith("en") ? record.name_en || record.name_zh : record.name_zh || record.name_en) ?? "";

  build(source) {
    const { words, part } = this;
    this.display = new Display(part("result"), words, { mayOverride: this.setup.mayOverride, nameOf: this.nameOf, source });
    this.history = new History(part("last"), part("last-empty"), this.setup);
    this.camera = new Camera(part("video"), {
      decoder: this.setup.urls.decoder,
      onCode: (code) => this.scan({ code: code.slice(0, LONGEST_CODE), method: "camera" }),
      onTrouble: (kind) => this.showTrouble(words.camera[kind]),
      onTorch: (able) => (part("torch").hidden = !able),
    });
    this.chooser = new Chooser(part("setup"), {
      key: `gate-${this.setup.fair}`,
      words,
      nameOf: this.nameOf,
      onStart: (choice, reader) => this.start(choice, reader),
    });
    this.lookup = new Lookup(part("lookup"), {
      find: (text) => this.line.ask(`${this.setup.urls.search}?q=${encodeURIComponent(text)}`, { within: 4000 }),
      words,
      onChosen: (person) => this.scan({ badge: person.badge, method: "search" }),
    });
  }

  listen() {
    const { part } = this;
    listenToScanner((code) => {
      allowSound();
      this.scan({ code: code.slice(0, LONGEST_CODE), method: "scanner" });
    });
    part("camera").addEventListener("click", () => (this.camera.running ? this.stopCamera() : this.startCamera()));
    part("torch").addEventListener("click", () => part("torch").setAttribute("aria-pressed", String(this.camera.toggleTorch())));
    part("change").addEventListener("click", () => this.leave());
    part("search").addEventListener("click", () => this.lookup.open());
    part("override").addEventListener("click", () => this.askReason());
    part("again").addEventListener("click", () => this.onTryAgain());
    part("override-dialog").querySelector("form").addEventListener("submit", (event) => this.override(event));
    for (const button of this.root.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.display.shown) this.display.clear();
    });
    document.addEventListener("visibilitychange", () => this.keepAwake());
    setInterval(() => this.refreshStatus(), STATUS_EVERY);
  }

  // ---- one scan ----

  async scan(what) {
    this.onScan();
    if (this.busy || this.over || !this.chosen || document.querySelector("dialog[open]")) return;
    this.busy = true;
    this.camera.paused = true;
    const scan = { gate: this.chosen.gate.code, direction: this.chosen.direction, ...what };
    const slow = setTimeout(() => this.display.waiting(), SLOW);
    performance.clearMeasures("answer");
    const start = performance.now();
    try {
      const answer = await this.lane.answer(scan);
      clearTimeout(slow);
      if (this.over) return;
      this.last = scan;
      this.display.answer(answer);
      performance.measure("answer", { start });
      this.history.add({ ...answer, direction: scan.direction });
      this.refreshStatus();
    } catch (error) {
      clearTimeout(slow);
      this.failed(error);
    } finally {
      this.busy = false;
      this.camera.paused = false;
    }
  }

  failed(error) {
    if (this.over) return;
    if (error instanceof Silence) return this.display.unanswered(this.keeps);
    if (error.status === undefined) {
      this.display.unanswered(false); // no room on the phone
      throw error;
    }
    const told = { override_not_allowed: error.message, not_your_gate: error.message };
    this.display.refused(told[error.code] ?? (error.status === 401 ? this.words.signed_out : this.words.refused_reason));
    this.onRefused(error);
  }

  // ---- the lane ----

  async start(choice, reader) {
    const { part } = this;
    this.chosen = choice;
    part("lane-name").textContent = this.nameOf(choice.gate);
    part("lane-direction").textContent = this.words.directions[choice.direction];
    this.root.dataset.direction = choice.direction;
    part("setup").hidden = true;
    part("lane").hidden = false;
    allowSound();
    navigator.storage?.persist?.();
    this.keepAwake();
    this.refreshStatus();
    if (reader === "camera") await this.startCamera();
    else part("change").focus();
  }

  leave() {
    this.stopCamera();
    this.display.clear();
    this.chosen = null;
    this.part("setup").hidden = false;
    this.part("lane").hidden = true;
  }

  /** Nothing of the last people stays on the screen. */
  clear() {
    this.display.clear();
    this.history.clear();
  }

  /** This page decides about nobody any more, whatever is under way. */
  end() {
    this.over = true;
    for (const dialog of this.root.querySelectorAll("dialog[open]")) dialog.close();
    this.leave();
    this.history.clear();
    this.lookup.clear();
  }

  async startCamera() {
    allowSound();
    this.showTrouble("");
    await this.camera.start();
    this.root.dataset.camera = this.camera.running ? "on" : "off";
  }

  stopCamera() {
    this.camera.stop();
    this.part("torch").hidden = true;
    this.root.dataset.camera = "off";
  }

  keepAwake() {
    if (this.chosen && !document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  }

  showTrouble(text) {
    this.part("trouble").textContent = text ?? "";
    this.part("trouble").hidden = !text;
  }

  // ---- what the head says ----

  async refreshStatus() {
    if (document.hidden || !this.chosen || this.lane.mode === "device") return;
    try {
      this.showStatus(await this.line.ask(this.setup.urls.status, { within: 4000 }));
    } catch {
      // the next scan will tell
    }
  }

  showStatus({ inside, capacity, level, gates }) {
    const { part, words, number } = this;
    part("inside").textContent = number.format(inside);
    part("capacity").textContent = capacity ? words.of.replace("{n}", number.format(capacity)) : "";
    part("crowd").dataset.level = level;
    const here = gates?.find((gate) => gate.code === this.chosen?.gate.code);
    if (here) part("here").textContent = words.here.replace("{in}", number.format(here.entries)).replace("{out}", number.format(here.exits));
  }

  /** `mode` 'server' or 'device', what is said of it, and how many scans wait or were not taken. */
  showMode(mode, text, { waiting = 0, refused = 0 } = {}) {
    const { part, words, number } = this;
    part("mode").dataset.online = mode === "server";
    part("mode-word").textContent = text;
    for (const [name, count, sentence] of [["queue", waiting, words.waiting_scans], ["aside", refused, words.refused_scans]]) {
      part(name).textContent = count ? sentence.replace("{n}", number.format(count)) : "";
      part(name).hidden = !count;
    }
    part("again").hidden = !refused;
  }

  // ---- against the rule ----

  askReason() {
    const dialog = this.part("override-dialog");
    for (const input of dialog.querySelectorAll("input")) input.value = "";
    const guarded = this.checkPin !== null;
    this.part("override-pin").hidden = !guarded;
    this.part("override-pin").querySelector("input").disabled = !guarded;
    this.part("override-note").textContent = "";
    dialog.showModal();
  }

  async override(event) {
    event.preventDefault();
    const dialog = this.part("override-dialog");
    const reason = dialog.querySelector("#override-reason").value.trim();
    if (reason.length < SHORTEST_REASON || !this.last) return;
    if (reason.includes(PREFIX)) return this.notAReason(dialog);
    if (this.checkPin && !(await this.checkPin(dialog.querySelector("#override-pin").value))) {
      this.part("override-note").textContent = this.words.wrong_pin;
      return;
    }
    dialog.close();
    const { code, badge, method } = this.last;
    this.scan({ ...(code ? { code } : { badge }), method, override_reason: reason });
  }

  /** A hand scanner typed the next person's badge. */
  notAReason(dialog) {
    dialog.querySelector("#override-reason").value = "";
    this.part("override-note").textContent = this.words.badge_as_reason;
  }
}
