// The page as an app of its own: it opens without its server, and says that the server is away.

import { languages } from "./locale.js";

/** Only where browsers allow it: on this machine, or behind a proxy with TLS. */
export async function keepThePage() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
    const files = loaded.filter((path) => path.startsWith("/assets/"));
    active?.postMessage(["/", ...new Set([...files, ...languages.map((language) => `/assets/languages/${language}.js`)])]);
  } catch {
    // A browser that keeps nothing (a private window, for example) shows the page all the same.
  }
}
