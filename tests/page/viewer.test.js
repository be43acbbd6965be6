// One photo, large: open, step, read, copy, find similar, close.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, fixture } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { focus, names, onPage, openBrowser, settled, viewer } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  mkdirSync(join(home, "photos/copies"));
  copyFileSync(fixture("5_palette.png"), join(home, "photos/copies/again.png"));
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

test("a click opens the photo with its facts, Esc closes and the focus returns", () =>
  onPage(browser, seer.url, async (page) => {
    const tile = page.locator('#grid a[title="0_landscape.jpg"]');
    await tile.click();
    await viewer(page).waitFor();
    assert.equal(await page.locator("#viewer-name").textContent(), "0_landscape.jpg");
    assert.match(await page.locator("#facts").textContent(), /Size\d+ × \d+ · .*Format.*JPEG/);
    assert.match(await page.locator("#files").textContent(), /photos\/0_landscape\.jpg/);
    await page.waitForFunction(() => document.getElementById("picture").naturalWidth > 0);
    assert.match(page.url(), /photo=[0-9a-f]{64}$/);

    await page.keyboard.press("Escape");
    await viewer(page).waitFor({ state: "hidden" });
    assert.equal(await focus(page), "0_landscape.jpg");
    assert.doesNotMatch(page.url(), /photo=/);
  }));

test("Enter opens, arrows step through the results, the ends are ends", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").nth(10).waitFor();
    const all = await names(page);
    await page.locator("#grid a").first().focus();
    await page.keyboard.press("Enter");
    await viewer(page).waitFor();
    const title = () => page.locator("#viewer-name").textContent();
    assert.equal(await title(), all[0]);
    assert.equal(await page.getByRole("button", { name: "Previous photo" }).isDisabled(), true);
    await page.keyboard.press("ArrowRight");
    assert.equal(await title(), all[1]);
    await page.getByRole("button", { name: "Next photo" }).click();
    assert.equal(await title(), all[2]);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await title(), all[1]);
    for (let step = 0; step < all.length; step += 1) await page.keyboard.press("ArrowRight");
    assert.equal(await title(), all.at(-1));
    assert.equal(await page.getByRole("button", { name: "Next photo" }).isDisabled(), true);
    await page.keyboard.press("Escape");
    assert.equal(await focus(page), all.at(-1));
  }));

test("the focus stays inside the open viewer", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().click();
    await viewer(page).waitFor();
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press("Tab");
      const outside = await page.evaluate(() => {
        const element = document.activeElement;
        return element !== document.body && !element.closest("#viewer");
      });
      assert.equal(outside, false);
    }
  }));

test("a photo with copies lists every path, and a path can be copied", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.locator('#grid a[title="again.png"], #grid a[title="5_palette.png"]').click();
      await page.getByText("2 copies").waitFor();
      await page.getByRole("button", { name: /Copy the path .*again\.png$/ }).click();
      await page.getByText("Copied").waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(text, join(home, "photos/copies/again.png"));
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ));

test("find similar searches by the photo and leaves it out", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator('#grid a[title="8_wide.png"]').click();
    await viewer(page).waitFor();
    await page.getByRole("button", { name: "Find similar" }).click();
    await page.waitForURL(/\?like=[0-9a-f]{64}$/);
    await viewer(page).waitFor({ state: "hidden" });
    await page.getByText(/best first$/).waitFor();
    assert.ok(!(await names(page)).includes("8_wide.png"));
    await page.getByRole("button", { name: "Remove like this photo" }).click();
    await page.getByText(/newest first$/).waitFor();
    assert.ok((await names(page)).includes("8_wide.png"));
  }));

test("the key s finds similar photos from the grid", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().focus();
    await page.keyboard.press("s");
    await page.waitForURL(/\?like=[0-9a-f]{64}$/);
    await page.getByText(/best first$/).waitFor();
    await settled(page);
    assert.equal(await focus(page), (await names(page))[0]);
  }));

test("the original opens in a tab of its own", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator('#grid a[title="0_landscape.jpg"]').click();
    const address = await page.getByRole("link", { name: "Open original" }).getAttribute("href");
    const response = await page.request.get(new URL(address, page.url()).href);
    assert.equal(response.headers()["content-type"], "image/jpeg");
    assert.equal(response.headers()["content-disposition"], 'inline; filename="0_landscape.jpg"');
  }));
