// Badges and lists of a fair as the server makes them: docs/offline-list.md and fairapp/visitors/badge_code.py.

import { toBase64 } from "../../static/scanner/code.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const utf8 = new TextEncoder();

/** RFC 9285. */
export function toBase45(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let number = isPair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    for (let letter = 0; letter < (isPair ? 3 : 2); letter += 1) {
      text += ALPHABET[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}

/** The head of a code, without its signature. */
export function makeHead({ fair = 1, key = 1, codeId = new Uint8Array(16), days = 0x7fffffff, issue = 1, category }) {
  const name = typeof category === "string" ? utf8.encode(category) : category;
  const head = new Uint8Array(27 + name.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, fair);
  view.setUint8(4, key);
  head.set(codeId, 5);
  view.setUint32(21, days);
  view.setUint16(25, issue);
  head.set(name, 27);
  return head;
}

export const codeText = (head, signature) => `FA1:${toBase45(Uint8Array.from([...head, ...signature]))}.`;

/** A fair that can sign: `sign(head)` gives a badge's text; `publicKey` are 32 bytes. */
export async function makeSigner() {
  const { publicKey, privateKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const sign = async (parts) => {
    const head = makeHead(parts);
    const signed = Uint8Array.from([...utf8.encode("FA1:"), ...head]);
    return codeText(head, new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, signed)));
  };
  return { sign, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)) };
}

export const ROSTER_KEY = Uint8Array.from({ length: 32 }, (_, index) => index);

/** The short hash by which lists name a badge. */
export async function hashOf(codeId) {
  const key = await crypto.subtle.importKey("raw", ROSTER_KEY, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", key, codeId)).slice(0, 8));
}

/** A name as the roster holds it: AES-256-GCM under a key that only the badge's 16 bytes give. */
export async function sealName(codeId, fields) {
  const secret = await crypto.subtle.importKey("raw", codeId, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: ROSTER_KEY, info: utf8.encode("fairapp roster") };
  const cipher = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(derivation, secret, cipher, false, ["encrypt"]);
  const iv = new Uint8Array(12).fill(7);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8.encode(JSON.stringify(fields)));
  return toBase64(Uint8Array.from([...iv, ...new Uint8Array(sealed)]));
}

/** A whole list of 10:00 on the first day at the fair. */
export function makeList(more = {}) {
  return {
    full: true,
    version: "k3Yw-20210318-1616032800000",
    as_of: "2021-03-18T02:00:00Z",
    fair: {
      id: 1,
      time_zone: "Asia/Shanghai",
      starts_on: "2021-03-18",
      ends_on: "2021-03-20",
      opens_at: "09:00",
      closes_at: "17:00",
      exits_are_scanned: true,
    },
    capacity: 100,
    hard_stop: true,
    inside_count: 98,
    roster_key: toBase64(ROSTER_KEY),
    keys: [],
    categories: [],
    zones: [],
    gates: [makeGate("G1"), makeGate("G2")],
    doors: [],
    revoked: [],
    inside: [],
    ...more,
  };
}

export const makeGate = (code, more = {}) => ({
  code,
  zone: null,
  outer: true,
  direction: "both",
  closed: false,
  admits: null,
  opens: null,
  closes: null,
  ...more,
});
