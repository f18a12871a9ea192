// The code on a badge, as fairapp/visitors/badge_code.py writes it: read, and its signature checked.

export const PREFIX = "FA1:";
const SUFFIX = ".";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const LONGEST = 172;
const LONGEST_CATEGORY = 20;
const HEAD = 27; // bytes before the category: fair 4, key 1, badge id 16, days 4, issue 2
const SIGNATURE = 64;
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));
const utf8 = new TextEncoder();

/** The bytes of a Base45 text (RFC 9285), or null when it is none. */
export function fromBase45(text) {
  if (text.length % 3 === 1) return null;
  const values = [...text].map((letter) => VALUES.get(letter));
  if (values.includes(undefined)) return null;
  const bytes = [];
  for (let at = 0; at < values.length; at += 3) {
    const two = at + 2 < values.length;
    const number = values[at] + 45 * values[at + 1] + (two ? 2025 * values[at + 2] : 0);
    if (number > (two ? 0xffff : 0xff)) return null;
    if (two) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** What a text says, unchecked, or null when it is no badge code. */
export function decode(text) {
  if (text.length > LONGEST || !text.startsWith(PREFIX) || !text.endsWith(SUFFIX)) return null;
  const data = fromBase45(text.slice(PREFIX.length, -SUFFIX.length));
  const category = (data?.length ?? 0) - HEAD - SIGNATURE;
  if (category < 1 || category > LONGEST_CATEGORY) return null;
  const head = data.subarray(0, -SIGNATURE);
  const view = new DataView(data.buffer);
  let name;
  try {
    name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(head.subarray(HEAD));
  } catch {
    return null;
  }
  return {
    fair: view.getUint32(0),
    key: view.getUint8(4),
    codeId: data.slice(5, 21),
    days: view.getUint32(21),
    issue: view.getUint16(25),
    category: name,
    signed: joined(utf8.encode(PREFIX), head),
    signature: data.slice(-SIGNATURE),
  };
}

function joined(first, second) {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** Whether the private half of `publicKey` (32 bytes) signed the code. */
export async function isSigned(code, publicKey) {
  const check = await checker();
  try {
    return await check(code, publicKey);
  } catch {
    return false;
  }
}

let chosen = null;
const checker = () => (chosen ??= nativeOrLibrary());

/** The browser's own Ed25519; browsers before 2025 may have none, and then a library does it. */
async function nativeOrLibrary() {
  const { verifyAsync } = (await hasEd25519()) ? {} : await import("../vendor/noble/ed25519.js");
  if (verifyAsync) return (code, key) => verifyAsync(code.signature, code.signed, key, { zip215: false });
  const imported = new Map();
  return async (code, key) => {
    const name = toBase64(key);
    if (!imported.has(name)) imported.set(name, await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]));
    return crypto.subtle.verify("Ed25519", imported.get(name), code.signature, code.signed);
  };
}

async function hasEd25519() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1, 0, 1), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/** What a code is worth in a fair: 'genuine', 'unknown' or 'bad_signature', and what it says. */
export async function prove(text, { fairId, keys }) {
  const code = decode(text);
  if (!code || code.fair !== fairId) return { proof: "unknown", code: null };
  const key = keys.get(code.key);
  const genuine = key !== undefined && (await isSigned(code, key));
  return genuine ? { proof: "genuine", code } : { proof: "bad_signature", code: null };
}

export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
