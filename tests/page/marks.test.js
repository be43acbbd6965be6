// Photos marked as right or wrong: in the viewer, by keys, as chips, in the address.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, photograph, search, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  paint(photos, 12);
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const query = (page) => page.locator("#query").inputValue();
const chips = (page) => page.locator("#chips .chip").count();
const opened = (page) => page.locator("#viewer[open]").count();

/** Waits until the query holds this many marks and is answered. */
async function marked(page, count) {
  await page.waitForFunction((wanted) => document.querySelectorAll("#chips .chip").length === wanted, count);
  await settled(page);
}

test("a photo is marked in the viewer, and Back undoes it", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a picture");
    const [first, second] = await names(page);
    await page.locator(`#grid a[title="${first}"]`).click();
    const more = page.getByRole("button", { name: "More like this", exact: true });
    const less = page.getByRole("button", { name: "Less like this", exact: true });
    await more.click();
    await marked(page, 1);
    assert.match(await query(page), /^a picture more:[0-9a-f]{12}$/);
    assert.equal(await more.getAttribute("aria-pressed"), "true");
    assert.ok(page.url().includes("more%3A"), page.url());
    assert.ok((await names(page)).includes(first), "it stays");
    await photograph(page, "marked-viewer");
    // Once more takes it back; the other mark takes its place.
    await more.click();
    await marked(page, 0);
    assert.equal(await query(page), "a picture");
    await less.click();
    await marked(page, 1);
    assert.ok(!(await names(page)).includes(first), "what is wrong leaves");
    assert.equal(await page.locator("#viewer-name").textContent(), second, "the viewer goes on");
    await page.goBack();
    await marked(page, 0);
    assert.ok((await names(page)).includes(first));
  }));

test("keys mark, a chip takes back, and the viewer closes without undoing", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a picture");
    const all = await names(page);
    await page.locator(`#grid a[title="${all[1]}"]`).focus();
    await page.keyboard.press("+");
    await marked(page, 1);
    assert.equal(await opened(page), 0);
    await page.locator(`#grid a[title="${all[2]}"]`).click();
    await page.keyboard.press("-");
    await marked(page, 2);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("#viewer[open]"));
    assert.equal(await chips(page), 2, "closing is no undoing");
    assert.ok(!(await names(page)).includes(all[2]));
    await photograph(page, "marked-chips");
    await page.getByRole("button", { name: "Take back: less like this" }).click();
    await marked(page, 1);
    assert.ok((await names(page)).includes(all[2]));
    assert.match(await query(page), /^a picture more:[0-9a-f]{12}$/);
    // The address alone brings it all back.
    await page.reload();
    await marked(page, 1);
    await page.waitForFunction(() => document.querySelector("#chips img")?.naturalWidth > 0);
  }));

test("marks work without words", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    const [first] = await names(page);
    await page.locator(`#grid a[title="${first}"]`).focus();
    await page.keyboard.press("+");
    await marked(page, 1);
    assert.equal((await names(page))[0], first);
  }));
