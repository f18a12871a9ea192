// The PIN of a device. It is checked here, because it must hold without a server.

/** @import { Store } from "./store.js" */

const ROUNDS = 200_000; // of PBKDF2
export const FREE_TRIES = 4; // wrong PINs before one has to wait
export const FIRST_WAIT = 15_000; // ms
export const MAX_WAIT = 15 * 60_000; // ms

/**
 * What a PIN looks like, here and at the desk.
 * @param {string} text
 */
export const isPin = (text) => /^[0-9]{4,8}$/.test(text);

/**
 * @param {Store} store
 * @param {string} pin
 */
export async function setPin(store, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await store.setFact("pin", { salt, hash: await stretch(pin, salt) });
}

/**
 * Whether this is the PIN; true where none was set. Each wrong one after the fourth makes the next wait twice as long;
 * what is no PIN at all is not counted: a hand scanner types the badges of a queue into this field.
 * @param {Store} store
 * @param {string} pin
 */
export async function checkPin(store, pin) {
  const stored = await store.fact("pin");
  if (!stored) return true;
  if (!isPin(pin)) return false;
  const now = Date.now();
  const failures = (await store.fact("pin_failures")) ?? { count: 0, until: 0 };
  // a clock set forward or back does not shorten the wait for long
  if (failures.until > now && failures.until - now <= MAX_WAIT) return false;
  const isRight = (await stretch(pin, stored.salt)) === stored.hash;
  const count = isRight ? 0 : failures.count + 1;
  const wait = waitAfter(count);
  await store.setFact("pin_failures", { count, until: wait && now + wait });
  return isRight;
}

/**
 * In ms, after so many wrong PINs in a row.
 * @param {number} count
 */
export function waitAfter(count) {
  return count > FREE_TRIES ? Math.min(MAX_WAIT, FIRST_WAIT * 2 ** (count - FREE_TRIES - 1)) : 0;
}

/**
 * @param {string} pin
 * @param {Uint8Array<ArrayBuffer>} salt
 */
async function stretch(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
