// A PIN between a found phone and the gate. It is checked here, because it must hold without a server.

const ROUNDS = 200_000; // of PBKDF2
const IDLE = 5 * 60_000; // ms without a touch or a scan
const FREE = 4; // wrong PINs before one has to wait
const LONGEST_WAIT = 15 * 60_000;

/** What a PIN looks like, here and at the desk. */
export const isPin = (text) => /^[0-9]{4,8}$/.test(text);

export class Lock {
  /** `onLock()` clears what is on the screen. */
  constructor(dialog, { store, words, onLock }) {
    Object.assign(this, { dialog, store, words, onLock });
    this.field = dialog.querySelector("input");
    this.note = dialog.querySelector("[data-part=lock-note]");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.tried(this.field.value);
    });
  }

  /** Take up the work: locked from the start where a PIN was set. */
  async start() {
    this.kept = await this.store.fact("pin");
    if (!this.kept) return;
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.touched(), { passive: true });
    this.close();
  }

  get used() {
    return Boolean(this.kept);
  }

  touched() {
    clearTimeout(this.timer);
    if (this.used) this.timer = setTimeout(() => this.close(), IDLE);
  }

  close() {
    if (this.dialog.open) return;
    this.onLock();
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    this.field.value = "";
    this.note.textContent = "";
    this.dialog.showModal();
  }

  /** The phone is no gate any more: there is nothing to lock. */
  end() {
    clearTimeout(this.timer);
    this.kept = undefined;
    this.dialog.close();
  }

  async tried(pin) {
    this.field.value = "";
    this.note.textContent = "";
    if (await this.check(pin)) {
      this.dialog.close();
      this.touched();
    } else {
      this.note.textContent = this.words.wrong_pin;
    }
  }

  /**
   * Whether this is the PIN. Each wrong one after the fourth makes the next wait twice as long; what is no PIN
   * at all is not counted: a hand scanner types the badges of a queue into this field.
   */
  async check(pin) {
    if (!this.kept) return true;
    if (!isPin(pin)) return false;
    const now = Date.now();
    const failed = (await this.store.fact("pin_failures")) ?? { count: 0, until: 0 };
    // a clock set forward or back does not shorten the wait for long
    if (failed.until > now && failed.until - now <= LONGEST_WAIT) return false;
    const right = (await stretched(pin, this.kept.salt)) === this.kept.hash;
    const count = right ? 0 : failed.count + 1;
    const wait = count > FREE ? Math.min(LONGEST_WAIT, 15_000 * 2 ** (count - FREE - 1)) : 0;
    await this.store.setFact("pin_failures", { count, until: wait && now + wait });
    return right;
  }

  static async set(store, pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    await store.setFact("pin", { salt, hash: await stretched(pin, salt) });
  }
}

async function stretched(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
