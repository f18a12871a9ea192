// The code on a badge, as fairapp/visitors/badges/code.py writes it: read, and its signature checked.

/** @import { BadgeCode, Bytes, Proved } from "../../types/gate.js" */
/** @typedef {(code: BadgeCode, publicKey: Bytes) => Promise<boolean>} SignatureCheck */

export const PREFIX = "FA1:";
const SUFFIX = ".";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
export const MAX_LENGTH = 172; // letters
export const MAX_CATEGORY_LENGTH = 20; // bytes
const HEAD = 27; // bytes before the category: fair 4, key 1, badge id 16, days 4, issue 2
const SIGNATURE = 64;
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));
const utf8 = new TextEncoder();

/**
 * The bytes of a Base45 text; null when it is none.
 * @param {string} text
 * @returns {Bytes | null}
 */
export function fromBase45(text) {
  if (text.length % 3 === 1) return null;
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = groupBytes(text.slice(at, at + 3));
    if (!group) return null;
    bytes.push(...group);
  }
  return Uint8Array.from(bytes);
}

/**
 * Three letters are two bytes, two letters one.
 * @param {string} letters
 */
function groupBytes(letters) {
  const [first, second, third = 0] = Array.from(letters, (letter) => VALUES.get(letter) ?? Number.NaN);
  const number = first + 45 * second + 2025 * third;
  if (letters.length === 3) return number <= 0xffff ? [number >> 8, number & 0xff] : null;
  return number <= 0xff ? [number] : null;
}

/**
 * What a text says, unchecked, or null when it is no badge code.
 * @param {string} text
 * @returns {BadgeCode | null}
 */
export function decode(text) {
  if (text.length > MAX_LENGTH || !text.startsWith(PREFIX) || !text.endsWith(SUFFIX)) return null;
  const data = fromBase45(text.slice(PREFIX.length, -SUFFIX.length));
  const categoryLength = (data?.length ?? 0) - HEAD - SIGNATURE;
  if (!data || categoryLength < 1 || categoryLength > MAX_CATEGORY_LENGTH) return null;
  const head = data.subarray(0, -SIGNATURE);
  const category = utf8Text(head.subarray(HEAD));
  if (category === null) return null;
  const view = new DataView(data.buffer);
  return {
    fair: view.getUint32(0),
    key: view.getUint8(4),
    codeId: data.slice(5, 21),
    days: view.getUint32(21),
    issue: view.getUint16(25),
    category,
    signed: concatenate(utf8.encode(PREFIX), head),
    signature: data.slice(-SIGNATURE),
  };
}

/** @param {Bytes} bytes */
function utf8Text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * @param {Bytes} first
 * @param {Bytes} second
 */
function concatenate(first, second) {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/**
 * Whether the private half of `publicKey` (32 bytes) signed the code.
 * @param {BadgeCode} code
 * @param {Bytes} publicKey
 */
export async function isSigned(code, publicKey) {
  const check = await signatureCheck();
  try {
    return await check(code, publicKey);
  } catch {
    return false;
  }
}

/** @type {Promise<SignatureCheck> | null} */
let chosenCheck = null;

function signatureCheck() {
  chosenCheck ??= nativeOrLibrary();
  return chosenCheck;
}

/**
 * The browser's own Ed25519; browsers before 2025 may have none, and then a library does it.
 * @returns {Promise<SignatureCheck>}
 */
async function nativeOrLibrary() {
  if (!(await hasEd25519())) {
    const { verifyAsync } = await import("../vendor/noble/ed25519.js");
    return (code, key) => verifyAsync(code.signature, code.signed, key, { zip215: false });
  }
  /** @type {Map<string, CryptoKey>} */
  const imported = new Map();
  return async (code, publicKey) => {
    const name = toBase64(publicKey);
    const key = imported.get(name) ?? (await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]));
    imported.set(name, key);
    return crypto.subtle.verify("Ed25519", key, code.signature, code.signed);
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

/**
 * What a code is worth in a fair, and what it says when it is genuine.
 * @param {string} text
 * @param {{ fairId: number, keys: Map<number, Bytes> }} fair its public keys by number
 * @returns {Promise<Proved>}
 */
export async function prove(text, { fairId, keys }) {
  const code = decode(text);
  if (!code || code.fair !== fairId) return { proof: "unknown", code: null };
  const key = keys.get(code.key);
  const isGenuine = key !== undefined && (await isSigned(code, key));
  return isGenuine ? { proof: "genuine", code } : { proof: "bad_signature", code: null };
}

/**
 * base64url without padding.
 * @param {Bytes} bytes
 */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/**
 * The bytes of a base64url text.
 * @param {string} text
 * @returns {Bytes}
 */
export function fromBase64(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
