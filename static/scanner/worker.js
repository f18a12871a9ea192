// The service worker: gives the app's own files from its store, so that it opens without the network. It
// knows nothing of scans or lists. The server puts FAIR, VERSION, SHELLS and FILES before this text.

/* global FAIR, VERSION, SHELLS, FILES */
// no code of a fair holds a colon: one fair's caches are never another's
const OURS = `gate:${FAIR}:`;
const CACHE = `${OURS}${VERSION}`;
const SETTINGS = `${OURS}settings`;
const LANGUAGE = "language";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      const wanted = [...FILES, ...Object.values(SHELLS)];
      await cache.addAll(wanted.map((url) => new Request(url, { cache: "reload", credentials: "omit" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(OURS) && name !== CACHE && name !== SETTINGS) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const scope = new URL(self.registration.scope).pathname;
  if (request.mode === "navigate" && url.pathname === scope) event.respondWith(shell(url.searchParams.get("lang")));
  else if (FILES.includes(url.pathname)) event.respondWith(kept(request, url.pathname));
});

async function kept(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/** The page in the language asked for, else the last one asked for, else the phone's. */
async function shell(asked) {
  const cache = await caches.open(CACHE);
  const settings = await caches.open(SETTINGS);
  if (SHELLS[asked]) await settings.put(LANGUAGE, new Response(asked));
  const remembered = await (await settings.match(LANGUAGE))?.text();
  const phone = navigator.language.toLowerCase().startsWith("zh") ? "zh_Hans" : "en";
  const url = SHELLS[asked] ?? SHELLS[remembered] ?? SHELLS[phone];
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(url);
}
