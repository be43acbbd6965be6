// The page without its server: the page's own files are kept, so that it opens and says that the server is
// away. Nothing of the library is kept: neither photos nor answers.

const KEPT = "seer-page";
const worker = /** @type {any} */ (self);

/** @param {URL} address whether it is of the page, and the same for everybody */
function isOfThePage({ origin, pathname, search }) {
  const own = pathname === "/" ? !new URLSearchParams(search).has("token") : pathname.startsWith("/assets/");
  return origin === location.origin && own;
}

/**
 * The server's answer, which is kept; without one, what was kept last.
 * @param {Request} request
 */
async function answer(request) {
  const kept = await caches.open(KEPT);
  const { pathname } = new URL(request.url);
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(pathname, response.clone());
    return response;
  } catch (error) {
    const before = await kept.match(pathname);
    if (before) return before;
    throw error;
  }
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === "GET" && isOfThePage(new URL(request.url))) event.respondWith(answer(request));
});

// The page names the files that it loaded before the worker was there.
worker.addEventListener("message", (/** @type {MessageEvent<string[]>} */ event) => {
  const files = event.data.filter((name) => isOfThePage(new URL(name, location.origin)));
  /** @type {any} */ (event).waitUntil(caches.open(KEPT).then((kept) => kept.addAll(files)));
});
