// Making a phone a device of the fair: the link or its QR code, and the PIN one was given.

import { part, query } from "../js/dom.js";
import { Api, deviceApi, Refused } from "./api.js";
import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { enrol, setUpToken } from "./device.js";
import { Outbox } from "./outbox.js";
import { isPin, setPin } from "./pin.js";

/**
 * @import { Store } from "./store.js"
 * @import { Enrolment } from "../../types/gate.js"
 * @import { DeviceSetup } from "../../types/setup.js"
 */

export class SetUp {
  /**
   * @param {HTMLElement} form
   * @param {object} parts
   * @param {Store} parts.store
   * @param {DeviceSetup} parts.setup
   * @param {boolean} parts.enrolled the phone is a device already
   * @param {() => void} parts.onDone called when it has its own key
   */
  constructor(form, { store, setup, enrolled, onDone }) {
    this.form = form;
    this.store = store;
    this.setup = setup;
    this.enrolled = enrolled;
    this.onDone = onDone;
    this.field = query(form, "[name=link]", HTMLInputElement);
    this.pin = query(form, "[name=pin]", HTMLInputElement);
    this.video = query(form, '[data-part="enrol-video"]', HTMLVideoElement);
    this.camera = new Camera(this.video, {
      decoder: setup.urls.decoder,
      onCode: (text) => this.read(text),
      onTrouble: (kind) => this.say(setup.words.camera[kind]),
    });
    const token = setUpToken(location.hash);
    if (token) this.take(token);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enrol();
    });
    part(form, "enrol-camera").addEventListener("click", () => this.look());
  }

  /**
   * The token leaves the address at once: it must not stay in a history.
   * @param {string} token
   */
  take(token) {
    this.field.value = token;
    history.replaceState(null, "", location.pathname + location.search);
    part(this.form, "enrol-link").hidden = true;
    this.say(this.enrolled ? this.setup.words.enrol_again : "");
  }

  /** @param {string} text */
  say(text) {
    part(this.form, "enrol-note").textContent = text;
  }

  async look() {
    await this.camera.start();
    this.video.hidden = !this.camera.running;
  }

  /** @param {string} text shown to the camera */
  read(text) {
    const token = text.includes("#set-up=") ? setUpToken(text) : "";
    if (!token) return this.say(this.setup.words.no_set_up_code);
    this.camera.stop();
    this.video.hidden = true;
    this.take(token);
    if (this.pin.value) this.enrol();
  }

  async enrol() {
    const { words } = this.setup;
    const token = setUpToken(this.field.value);
    if (!token) return this.say(words.no_set_up_code);
    const pin = this.pin.value.trim();
    if (pin && !isPin(pin)) return this.say(words.bad_pin);
    if (!(await this.handIn())) return this.say(words.hand_in_first);
    try {
      await this.exchange(token, pin);
    } catch (error) {
      return this.say(this.trouble(error));
    }
    this.onDone();
  }

  /**
   * The link's token, and the PIN, for the device's own key.
   * @param {string} token
   * @param {string} pin
   */
  async exchange(token, pin) {
    const clock = new Clock();
    const api = new Api({ headers: {}, credentials: "omit", clock });
    const enrolment = await enrol(api, this.setup.urls.enrol, { token, pin });
    await this.keep(enrolment, pin, clock.offset);
  }

  /** @param {unknown} error */
  trouble(error) {
    const { words } = this.setup;
    if (!(error instanceof Refused)) return words.no_answer_enrol;
    if (error.code === "wrong_pin") return words.wrong_pin;
    return error.status === 404 ? words.dead_link : error.message;
  }

  /** What was scanned before goes out with the key it was scanned under. A key that is dead leaves it to the new one. */
  async handIn() {
    const token = await this.store.fact("token");
    if (!token) return true;
    const clock = new Clock(await this.store.fact("offset"));
    const { scans: url } = this.setup.urls;
    const outbox = new Outbox({ store: this.store, api: deviceApi(token, clock), clock, url, onChange: () => {} });
    try {
      await outbox.flush();
      return true;
    } catch (error) {
      return error instanceof Refused;
    }
  }

  /**
   * A new device begins; scans that wait stay, and so does the running number they were given.
   * @param {Enrolment} enrolment
   * @param {string} pin
   * @param {number | null} offset
   */
  async keep({ device, token, expires_at: expires }, pin, offset) {
    const { store } = this;
    const counter = await store.fact("counter");
    await store.clear("facts", "roster", "inside", "own");
    if (pin) await setPin(store, pin);
    if (counter !== undefined) await store.setFact("counter", counter);
    if (offset !== null) await store.setFact("offset", offset);
    if (expires) await store.setFact("expires_at", expires);
    await store.setFact("device", device);
    await store.setFact("token", token);
  }
}
