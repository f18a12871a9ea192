// Making a phone a device of the fair: the link or its QR code, and the PIN one was given.

import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { enrol, setUpToken } from "./device.js";
import { Line, Refused } from "./line.js";
import { isPin, Lock } from "./lock.js";
import { Outbox } from "./outbox.js";

export class SetUp {
  /** `enrolled`: the phone is a device already; `onDone()` when it has its own key. */
  constructor(form, { store, setup, enrolled, onDone }) {
    Object.assign(this, { form, store, setup, enrolled, onDone });
    this.part = (name) => form.querySelector(`[data-part="${name}"]`);
    this.field = form.querySelector("[name=link]");
    this.pin = form.querySelector("[name=pin]");
    const token = setUpToken(location.hash);
    if (token) this.take(token);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enrol();
    });
    this.part("enrol-camera").addEventListener("click", () => this.look());
  }

  /** The token leaves the address at once: it must not stay in a history. */
  take(token) {
    this.field.value = token;
    history.replaceState(null, "", location.pathname + location.search);
    this.part("enrol-link").hidden = true;
    this.say(this.enrolled ? this.setup.words.enrol_again : "");
  }

  say(text) {
    this.part("enrol-note").textContent = text;
  }

  async look() {
    const video = this.part("enrol-video");
    this.camera ??= new Camera(video, {
      decoder: this.setup.urls.decoder,
      onCode: (text) => this.seen(text),
      onTrouble: (kind) => this.say(this.setup.words.camera[kind]),
    });
    await this.camera.start();
    video.hidden = !this.camera.running;
  }

  seen(text) {
    const token = text.includes("#set-up=") ? setUpToken(text) : "";
    if (!token) return this.say(this.setup.words.no_set_up_code);
    this.camera.stop();
    this.part("enrol-video").hidden = true;
    this.take(token);
    if (this.pin.value) this.enrol();
  }

  async enrol() {
    const { words, urls } = this.setup;
    const token = setUpToken(this.field.value);
    if (!token) return this.say(words.no_set_up_code);
    const pin = this.pin.value.trim();
    if (pin && !isPin(pin)) return this.say(words.bad_pin);
    if (!(await this.handIn())) return this.say(words.hand_in_first);
    const clock = new Clock();
    const line = new Line({ headers: {}, credentials: "omit", clock });
    try {
      const made = await enrol(line, urls.enrol, { token, pin });
      await this.keep(made, pin, clock.offset);
      this.onDone();
    } catch (error) {
      if (!(error instanceof Refused)) return this.say(words.no_answer_enrol);
      this.say(error.code === "wrong_pin" ? words.wrong_pin : error.status === 404 ? words.dead_link : error.message);
    }
  }

  /** What was scanned before goes out with the key it was scanned under. A key that is dead leaves it to the new one. */
  async handIn() {
    const token = await this.store.fact("token");
    if (!token) return true;
    const clock = new Clock(await this.store.fact("offset"));
    const line = new Line({ headers: { Authorization: `Bearer ${token}` }, credentials: "omit", clock });
    const outbox = new Outbox({ store: this.store, line, clock, url: this.setup.urls.scans, onChange: () => {} });
    try {
      await outbox.flush();
      return true;
    } catch (error) {
      return error instanceof Refused;
    }
  }

  /** A new device begins; scans that wait stay, and so does the running number they were given. */
  async keep({ device, token, expires_at: expires }, pin, offset) {
    const counter = await this.store.fact("counter");
    await Promise.all(["facts", "roster", "inside", "own"].map((name) => this.store.clear(name)));
    if (pin) await Lock.set(this.store, pin);
    for (const [name, value] of Object.entries({ counter, offset, expires_at: expires })) {
      if (value !== undefined && value !== null) await this.store.setFact(name, value);
    }
    await this.store.setFact("device", device);
    await this.store.setFact("token", token);
  }
}
