// The app itself on the device: kept by a service worker, and gone without a trace when the device is withdrawn.

const HOUR = 3_600_000;
const HAND_IN_WITHIN = 24 * HOUR;
const TRY_EVERY = 30_000;
const cachesOf = (fair) => `gate:${fair}:`; // as worker.js names them

/** Keep the app; look for a newer one now and then. */
export async function keepShell(url) {
  if (!("serviceWorker" in navigator)) return;
  try {
    const kept = await navigator.serviceWorker.register(url, { updateViaCache: "none" });
    setInterval(() => kept.update().catch(() => {}), HOUR);
  } catch {
    // without the network an app kept before goes on working
  }
}

/** The version of the app that would open without the network; "" when none would. */
export async function keptVersion(fair) {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.active) return "";
  const start = cachesOf(fair);
  const name = (await caches.keys()).find((one) => one.startsWith(start) && one !== `${start}settings`);
  return name?.slice(start.length) ?? "";
}

/** Send what was scanned; then nothing of the fair is left in this browser. */
export async function handInAndWipe({ store, outbox, fair }) {
  const since = await store.fact("revoked_at");
  await outbox.flush().catch(() => {});
  const left = (await store.scans()).some((scan) => !scan.refused);
  if (left && Date.now() - since < HAND_IN_WITHIN) {
    setTimeout(() => handInAndWipe({ store, outbox, fair }), TRY_EVERY);
    return;
  }
  await store.wipe();
  for (const name of await caches.keys()) if (name.startsWith(cachesOf(fair))) await caches.delete(name);
  localStorage.removeItem(`gate-${fair}`);
  await (await navigator.serviceWorker?.getRegistration())?.unregister();
  document.documentElement.dataset.wiped = "yes";
}
