// The service worker: gives the app's own files from its store, so that it opens without the network. It
// knows nothing of scans or lists. The server puts FAIR, VERSION, SHELLS and FILES before this text.

/** In a service worker `self` is this; TypeScript knows only of workers in general. */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

// no code of a fair holds a colon: one fair's caches are never another's
const PREFIX = `gate:${FAIR}:`;
const CACHE = `${PREFIX}${VERSION}`;
const SETTINGS = `${PREFIX}settings`;
const LANGUAGE = "language";

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  const scope = new URL(worker.registration.scope).pathname;
  if (request.mode === "navigate" && url.pathname === scope)
    event.respondWith(shell(url.searchParams.get("lang") ?? ""));
  else if (FILES.includes(url.pathname)) event.respondWith(cached(request, url.pathname));
});

async function install() {
  const cache = await caches.open(CACHE);
  const urls = [...FILES, ...Object.values(SHELLS)];
  await cache.addAll(urls.map((url) => new Request(url, { cache: "reload", credentials: "omit" })));
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE && name !== SETTINGS) await caches.delete(name);
  }
  await worker.clients.claim();
}

/**
 * @param {Request} request
 * @param {string} path
 */
async function cached(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/**
 * The page in the language asked for, else the last one asked for, else the phone's.
 * @param {string} language
 */
async function shell(language) {
  const cache = await caches.open(CACHE);
  const settings = await caches.open(SETTINGS);
  if (SHELLS[language]) await settings.put(LANGUAGE, new Response(language));
  const remembered = (await (await settings.match(LANGUAGE))?.text()) ?? "";
  const phone = navigator.language.toLowerCase().startsWith("zh") ? "zh_Hans" : "en";
  const url = SHELLS[language] ?? SHELLS[remembered] ?? SHELLS[phone];
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(url);
}
