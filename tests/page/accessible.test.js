// axe finds nothing to complain of: at three widths, light and dark, on every view of the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, search, settled, viewer } from "./steps.js";

const TOKEN = "token-of-the-page-tests";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = { phone: { width: 390, height: 844 }, tablet: { width: 820, height: 1180 }, desk: { width: 1440, height: 900 } };

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  paint(join(home, "photos/plain"), 40);
  seer = await serve(home, [join(home, "photos")], { token: TOKEN });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

/** What axe complains of, each with the element it is about. */
async function findings(page) {
  // Evaluated, not loaded: the page's policy allows no script of others.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

/** Every view, by how one comes to it. */
const VIEWS = {
  async start() {},
  async answer(page) {
    await search(page, "kite ext:jpg -night");
  },
  async "no answer"(page) {
    await search(page, "folder:nowhere-at-all");
  },
  async viewer(page) {
    await page.locator("#grid a").first().click();
    await viewer(page).waitFor();
    await page.waitForFunction(() => !document.querySelector("#viewer [aria-busy=true]"));
  },
  async library(page) {
    await page.getByRole("button", { name: "Library: models and folders" }).click();
    await page.getByRole("dialog", { name: "Library" }).waitFor();
    await page.getByText("Nobody else has one yet.").waitFor();
  },
  async filters(page) {
    await page.keyboard.press("f");
    await page.locator("dialog[open]").waitFor();
    await page.waitForTimeout(300);
  },
  async map(page) {
    await page.keyboard.press("m");
    await page.locator("dialog[open]").waitFor();
    await page.waitForTimeout(300);
  },
  async help(page) {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "How to search" }).waitFor();
  },
};

for (const [width, viewport] of Object.entries(WIDTHS)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${width}, ${colorScheme}`, async () => {
      const found = {};
      for (const [view, come] of Object.entries(VIEWS)) {
        await onPage(
          browser,
          seer.url,
          async (page) => {
            await page.locator("#grid img.there").first().waitFor();
            await settled(page);
            await come(page);
            const here = await findings(page);
            if (here.length) found[view] = here;
          },
          { viewport, colorScheme, reducedMotion: "reduce", path: `/?token=${TOKEN}` },
        );
      }
      assert.deepEqual(found, {});
    });
  }
}
