// The app itself on the device: kept by a service worker, and gone without a trace when the device is withdrawn.

/**
 * @import { Outbox } from "./outbox.js"
 * @import { Store } from "./store.js"
 */

const HOUR = 3_600_000;
export const HAND_IN_WITHIN = 24 * HOUR;
const RETRY_EVERY = 30_000;

/**
 * How the names of a fair's caches begin, as worker.js makes them.
 * @param {string} fair
 */
const cachePrefix = (fair) => `gate:${fair}:`;

/**
 * Keep the app; look for a newer one now and then.
 * @param {string} url of the service worker
 */
export async function keepShell(url) {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(url, { updateViaCache: "none" });
    setInterval(() => registration.update().catch(() => {}), HOUR);
  } catch {
    // without the network an app kept before goes on working
  }
}

/** Resolves once the app would open without the network; at once in a browser that cannot keep it. */
export async function shellKept() {
  await navigator.serviceWorker?.ready;
}

/**
 * The version of the app that would open without the network; "" when none would.
 * @param {string} fair
 */
export async function keptVersion(fair) {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.active) return "";
  const prefix = cachePrefix(fair);
  const cache = (await caches.keys()).find((name) => name.startsWith(prefix) && name !== `${prefix}settings`);
  return cache?.slice(prefix.length) ?? "";
}

/**
 * Send what was scanned; then nothing of the fair is left in this browser.
 * @param {{ store: Store, outbox: Outbox, fair: string }} parts
 * @returns {Promise<void>}
 */
export async function handInAndWipe({ store, outbox, fair }) {
  const since = (await store.fact("revoked_at")) ?? 0;
  await outbox.flush().catch(() => {});
  const isWaiting = (await store.scans()).some((scan) => !scan.refused);
  if (isWaiting && Date.now() - since < HAND_IN_WITHIN) {
    setTimeout(() => handInAndWipe({ store, outbox, fair }), RETRY_EVERY);
    return;
  }
  await store.wipe();
  for (const name of await caches.keys()) if (name.startsWith(cachePrefix(fair))) await caches.delete(name);
  localStorage.removeItem(`gate-${fair}`);
  await (await navigator.serviceWorker?.getRegistration())?.unregister();
  document.documentElement.dataset.wiped = "yes";
}
