// What fits is told from what is only near, and put in order of time.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, search, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyDemo(photos);
  seer = await serve(home, [photos], { model: "builtin" });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

test("photos that only come near are folded, and one key shows them", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a kitten playing with wool");
    const fit = await names(page);
    assert.ok(fit.length >= 1 && fit.length < 20, `${fit.length} of 40 fit`);
    await page.locator("#weaker").waitFor();
    await page.locator("#query").blur();
    await page.keyboard.press("w");
    await page.locator("#weaker").waitFor({ state: "hidden" });
    const all = await names(page);
    assert.deepEqual(all.slice(0, fit.length), fit);
    assert.equal(all.length, 40);
  }));

test("an answer without anything that fits says so, and shows the closest", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "an x-ray of a broken leg");
    assert.equal(await page.locator("#count").textContent(), "Nothing here clearly shows this. The closest photos:");
    assert.ok((await names(page)).length > 0);
    assert.ok(await page.locator("#weaker").isHidden());
  }));

test("the order of time is chosen above the photos and stays in the address", () =>
  onPage(browser, seer.url, async (page) => {
    const newest = await names(page);
    await page.locator("#sort").selectOption("oldest");
    await page.waitForURL(/sort=oldest/);
    await settled(page);
    assert.deepEqual(await names(page), newest.reverse());
    await page.reload();
    await settled(page);
    assert.equal(await page.locator("#sort").inputValue(), "oldest");
  }));
