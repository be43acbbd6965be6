// The page as an app: it can be installed, and opens without its server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { copyFixtures } from "./photos.js";
import { remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  [seer, browser] = await Promise.all([serve(home, [join(home, "photos")]), openBrowser()]);
});

after(async () => {
  await browser?.close();
  remove(home);
});

test("the manifest names icons that are there", async () => {
  const manifest = await fetch(new URL("/assets/app.webmanifest", seer.url));
  assert.equal(manifest.headers.get("content-type"), "application/manifest+json");
  const { icons, start_url } = await manifest.json();
  assert.equal(start_url, "/");
  for (const { src, type } of icons) {
    const icon = await fetch(new URL(src, seer.url));
    assert.deepEqual([icon.status, icon.headers.get("content-type")], [200, type]);
  }
});

/** What the browser keeps of the page. */
function keptPaths(page) {
  return page.evaluate(async () => (await (await caches.open("seer-page")).keys()).map(({ url }) => new URL(url).pathname));
}

test("without its server the page opens and says so, in each of its languages; photos and answers are not kept", async () => {
  await onPage(
    browser,
    seer.url,
    async (page) => {
      await page.locator("#grid img.there").first().waitFor();
      await settled(page);
      const languages = ["en", "de", "fr", "es"].map((language) => `/assets/languages/${language}.js`);
      for (let kept = []; !["/", "/assets/main.js", ...languages].every((path) => kept.includes(path)); ) kept = await keptPaths(page);
      await seer.stop();
      await page.evaluate(() => localStorage.setItem("seer-language", "fr"));
      await page.reload();
      await page.getByRole("heading", { name: "seer ne répond pas" }).waitFor();
      await page.evaluate(() => localStorage.removeItem("seer-language"));
      await page.reload();
      await page.getByRole("heading", { name: "seer does not answer" }).waitFor();
      assert.ok(await page.getByRole("button", { name: "Try again" }).isVisible());
      const paths = await keptPaths(page);
      assert.ok(paths.every((path) => path === "/" || path.startsWith("/assets/")), paths.join());
    },
    { serviceWorkers: "allow", expected: [/ERR_CONNECTION_REFUSED|Failed to load resource/] },
  );
});
