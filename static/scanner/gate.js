// The page at the door, for a signed-in steward and for a device alike: read a badge, show the answer.

import { part, query } from "../js/dom.js";
import { NoAnswer, Refused } from "./api.js";
import { Camera } from "./camera.js";
import { Chooser } from "./chooser.js";
import { Display } from "./display.js";
import { Head } from "./head.js";
import { History } from "./history.js";
import { listenToScanner } from "./keys.js";
import { Lookup } from "./lookup.js";
import { Override } from "./override.js";
import { allowSound } from "./sound.js";

/**
 * @import { Api } from "./api.js"
 * @import { Choice, Tool } from "./chooser.js"
 * @import { Lane } from "./lane.js"
 * @import { Crowd, FoundPerson, Named, Reading, Request } from "../../types/gate.js"
 * @import { Setup } from "../../types/setup.js"
 */

/**
 * @typedef {object} GateParts
 * @property {Lane} lane answers
 * @property {Api} api asked for status and search
 * @property {() => string} [source] names the list a device decides by
 * @property {((pin: string) => Promise<boolean>) | null} [checkPin] guards an override
 * @property {boolean} [keeps] scans outlive this page
 * @property {() => void} [onScan] hears that a badge was shown
 * @property {() => void} [onRefused] hears that the server would not
 * @property {() => void} onTryAgain hears that what was set aside is to be sent once more
 */

const SLOW = 300; // ms without an answer before the page says that it waits
const STATUS_EVERY = 5000; // ms
const STATUS_TIMEOUT = 4000; // ms
const SEARCH_TIMEOUT = 4000; // ms
const MAX_CODE_LENGTH = 1000; // of what anybody may hold before the camera; the server takes no more
const OWN_MESSAGE = new Set(["override_not_allowed", "not_your_gate"]); // refusals whose words the person may read

export class Gate {
  /**
   * @param {HTMLElement} root
   * @param {Setup & { mayOverride: boolean }} setup what the page was served with
   * @param {GateParts} parts
   */
  constructor(root, setup, parts) {
    const { lane, api, source = () => "", checkPin = null, keeps = true } = parts;
    const { words } = setup;
    this.root = root;
    this.setup = setup;
    this.words = words;
    this.lane = lane;
    this.api = api;
    this.keeps = keeps;
    this.onScan = parts.onScan ?? (() => {});
    this.onRefused = parts.onRefused ?? (() => {});
    /** @type {Choice | null} */
    this.chosen = null;
    /** @type {Request | null} the scan on the screen, for an override */
    this.last = null;
    this.busy = false;
    this.over = false;
    const { mayOverride } = setup;
    this.head = new Head(root, setup);
    this.display = new Display(part(root, "result"), words, { mayOverride, nameOf: this.nameOf, source });
    this.history = new History(part(root, "last"), part(root, "last-empty"), setup);
    this.camera = this.makeCamera();
    this.chooser = new Chooser(part(root, "setup"), {
      key: `gate-${setup.fair}`,
      nameOf: this.nameOf,
      onStart: (choice, tool) => this.start(choice, tool),
    });
    this.lookup = this.makeLookup();
    this.override = new Override(query(root, '[data-part="override-dialog"]', HTMLDialogElement), {
      words,
      checkPin,
      onReason: (reason) => this.scanAgain(reason),
    });
    this.listen(parts.onTryAgain);
  }

  /**
   * The name in the reader's language, or in the other one.
   * @param {Named} record
   */
  nameOf = ({ name_en, name_zh }) => {
    const isEnglish = this.setup.locale.startsWith("en");
    return (isEnglish ? name_en || name_zh : name_zh || name_en) ?? "";
  };

  makeCamera() {
    return new Camera(query(this.root, '[data-part="video"]', HTMLVideoElement), {
      decoder: this.setup.urls.decoder,
      onCode: (code) => this.scan({ code: code.slice(0, MAX_CODE_LENGTH), method: "camera" }),
      onTrouble: (kind) => this.showTrouble(this.words.camera[kind]),
      onTorch: (hasTorch) => {
        part(this.root, "torch").hidden = !hasTorch;
      },
    });
  }

  makeLookup() {
    return new Lookup(query(this.root, '[data-part="lookup"]', HTMLDialogElement), {
      search: async (text) => {
        const url = `${this.setup.urls.search}?q=${encodeURIComponent(text)}`;
        /** @type {{ found: FoundPerson[] }} */
        const { found: people } = await this.api.ask(url, { timeout: SEARCH_TIMEOUT });
        return people;
      },
      words: this.words,
      onChosen: (person) => this.scan({ badge: person.badge, method: "search" }),
    });
  }

  /** @param {() => void} onTryAgain */
  listen(onTryAgain) {
    const { root } = this;
    listenToScanner((code) => {
      allowSound();
      this.scan({ code: code.slice(0, MAX_CODE_LENGTH), method: "scanner" });
    });
    const onClick = {
      camera: () => (this.camera.running ? this.stopCamera() : this.startCamera()),
      torch: () => part(root, "torch").setAttribute("aria-pressed", String(this.camera.toggleTorch())),
      change: () => this.leave(),
      search: () => this.lookup.open(),
      override: () => this.override.open(),
      again: onTryAgain,
    };
    for (const [name, act] of Object.entries(onClick)) part(root, name).addEventListener("click", () => act());
    for (const button of root.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => button.closest("dialog")?.close());
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.display.isShown) this.display.clear();
    });
    document.addEventListener("visibilitychange", () => this.keepAwake());
    setInterval(() => this.refreshStatus(), STATUS_EVERY);
  }

  // ---- one scan ----

  /** @param {Reading} reading */
  async scan(reading) {
    this.onScan();
    if (this.busy || this.over || !this.chosen || document.querySelector("dialog[open]")) return;
    this.busy = true;
    this.camera.paused = true;
    const request = { gate: this.chosen.gate.code, direction: this.chosen.direction, ...reading };
    const slow = setTimeout(() => this.display.waiting(), SLOW);
    performance.clearMeasures("answer");
    const start = performance.now();
    try {
      const answer = await this.lane.answer(request);
      clearTimeout(slow);
      if (this.over) return;
      this.last = request;
      this.display.answer(answer);
      performance.measure("answer", { start });
      this.history.add({ ...answer, direction: request.direction });
      this.refreshStatus();
    } catch (error) {
      clearTimeout(slow);
      this.failed(error);
    } finally {
      this.busy = false;
      this.camera.paused = false;
    }
  }

  /**
   * Once more, against the rule.
   * @param {string} reason
   */
  scanAgain(reason) {
    if (!this.last) return;
    const { code, badge, method } = this.last;
    this.scan({ ...(code ? { code } : { badge }), method, override_reason: reason });
  }

  /** @param {unknown} error */
  failed(error) {
    if (this.over) return;
    if (error instanceof NoAnswer) return this.display.unanswered(this.keeps);
    if (!(error instanceof Refused)) {
      this.display.unanswered(false); // no room on the phone
      throw error;
    }
    this.display.refused(this.refusalText(error));
    this.onRefused();
  }

  /** @param {Refused} error */
  refusalText(error) {
    if (OWN_MESSAGE.has(error.code)) return error.message;
    return error.status === 401 ? this.words.signed_out : this.words.refused_reason;
  }

  // ---- the lane ----

  /**
   * @param {Choice} choice
   * @param {Tool} tool
   */
  async start(choice, tool) {
    const { root } = this;
    this.chosen = choice;
    part(root, "lane-name").textContent = this.nameOf(choice.gate);
    part(root, "lane-direction").textContent = this.words.directions[choice.direction];
    root.dataset.direction = choice.direction;
    part(root, "setup").hidden = true;
    part(root, "lane").hidden = false;
    allowSound();
    navigator.storage?.persist?.();
    this.keepAwake();
    this.refreshStatus();
    if (tool === "camera") await this.startCamera();
    else part(root, "change").focus();
  }

  leave() {
    this.stopCamera();
    this.display.clear();
    this.chosen = null;
    part(this.root, "setup").hidden = false;
    part(this.root, "lane").hidden = true;
  }

  /** Nothing of the last people stays on the screen. */
  clear() {
    this.display.clear();
    this.history.clear();
  }

  /** This page decides about nobody any more, whatever is under way. */
  end() {
    this.over = true;
    for (const dialog of this.root.querySelectorAll("dialog")) dialog.close();
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
    part(this.root, "torch").hidden = true;
    this.root.dataset.camera = "off";
  }

  keepAwake() {
    if (this.chosen && !document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  }

  /** @param {string} text "" when it is over */
  showTrouble(text) {
    part(this.root, "trouble").textContent = text;
    part(this.root, "trouble").hidden = !text;
  }

  // ---- what the head says ----

  async refreshStatus() {
    if (document.hidden || !this.chosen || this.lane.mode === "device") return;
    try {
      this.showCrowd(await this.api.ask(this.setup.urls.status, { timeout: STATUS_TIMEOUT }));
    } catch {
      // the next scan will tell
    }
  }

  /** @param {Crowd} crowd */
  showCrowd(crowd) {
    this.head.showCrowd(crowd, this.chosen?.gate.code);
  }
}
