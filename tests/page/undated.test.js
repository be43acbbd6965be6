// Photos without a date among others: they stand by the time of their files, and the way through time knows it.

import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { describe, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, photograph, settled } from "./steps.js";

let home, seer, browser;
const taken = new Map();

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  // Three years with dates; between them a hundred without one, and behind all seventy whose files are new.
  for (const [at, name] of paint(photos, 90, { prefix: "dated" }).entries()) {
    taken.set(name, `${2005 + (at % 3)}-05-${String(1 + (at % 28)).padStart(2, "0")}`);
    describe(photos, name, { taken: `${taken.get(name)}T12:00:00` });
  }
  for (const name of paint(photos, 100, { width: 62, prefix: "old" })) utimesSync(join(photos, name), 1_152_000_000, 1_152_000_000);
  paint(photos, 70, { width: 64, prefix: "new" });
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

/** Days of the photos in the first row below the bar; "" for those without one. */
async function topRow(page) {
  const titles = await page.evaluate(() => {
    const under = document.getElementById("bar").getBoundingClientRect().bottom;
    const top = (/** @type {Element} */ link) => Math.round(link.getBoundingClientRect().top);
    const seen = [...document.querySelectorAll("#grid a")].filter((link) => top(link) >= under - 2);
    const first = Math.min(...seen.map(top));
    return seen.filter((link) => top(link) === first).map((link) => link.title);
  });
  return titles.map((name) => taken.get(name) ?? "");
}

/** Clicks the name of a year on the rail. */
async function goTo(page, year) {
  const mark = page.locator("#time-years span", { hasText: year });
  const { y } = await mark.boundingBox();
  const { x, width } = await page.locator("#time").boundingBox();
  await page.mouse.click(x + width / 2, y + 3);
  await page.waitForTimeout(700);
}

for (const sort of ["newest", "oldest"]) {
  test(`${sort} first: each year of the rail leads to its first photo`, (context) =>
    onPage(browser, seer.url, async (page) => {
      await settled(page);
      await page.locator("#time").waitFor();
      assert.deepEqual((await page.locator("#time-years span").allTextContents()).toSorted(), ["2005", "2006", "2007"]);
      const begin = sort === "oldest" ? "05-01" : "05-28";
      for (const year of ["2006", "2005", "2007"]) {
        await goTo(page, year);
        const row = await topRow(page);
        assert.ok(row.includes(`${year}-${begin}`), `${year}: ${row}`);
        assert.match(await page.locator("#time").getAttribute("aria-valuetext"), new RegExp(`^May ${year}`));
      }
      await page.keyboard.press("ArrowUp");
      await page.waitForTimeout(700);
      context.diagnostic(await photograph(page, `undated-${sort}`));
      assert.match(await page.locator("#time").getAttribute("aria-valuetext"), sort === "oldest" ? /^May 2006/ : /^May 2007/);
    }, { path: sort === "oldest" ? "/?sort=oldest" : "/" }));
}

test("newest first: what has no date says so, above and on the rail", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    await page.locator("#time").waitFor();
    assert.equal(await page.locator("#grid .day").first().textContent(), "Without a date");
    assert.equal(await page.locator("#time").getAttribute("aria-valuetext"), "Without a date");
    await page.locator("#time").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForTimeout(700);
    assert.ok((await topRow(page)).includes("2007-05-28"));
  }));
