// Copies of a picture: one tile, unfolded by its button and by a key.

import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, fixture, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { focus, names, onPage, openBrowser, search, settled } from "./steps.js";

/** Two copies of one picture, of different sizes, are among the fixtures of the tests for copies. */
const COPIES = ["alike-large.jpg", "alike-small.jpg", "alike-cut.jpg"];

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyFixtures(photos);
  paint(join(photos, "plain"), 5);
  for (const name of COPIES) copyFileSync(fixture(`../alike/${name}`), join(photos, name));
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const copies = async (page) => (await names(page)).filter((name) => COPIES.includes(name));

test("copies are one tile, the largest on top, until they are unfolded", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a picture");
    assert.deepEqual(await copies(page), ["alike-large.jpg"]);
    const button = page.getByRole("button", { name: "+2 alike" });
    await button.click();
    assert.deepEqual([...(await copies(page))].sort(), [...COPIES].sort());
    const all = await names(page);
    assert.ok(all.indexOf("alike-small.jpg") - all.indexOf("alike-large.jpg") <= 2, "below the largest");
    await page.getByRole("button", { name: "fold 3" }).click();
    assert.deepEqual(await copies(page), ["alike-large.jpg"]);
  }));

test("the key a unfolds and folds", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a picture");
    await page.locator('#grid a[title="alike-large.jpg"]').focus();
    await page.keyboard.press("a");
    assert.equal((await copies(page)).length, 3);
    await page.locator('#grid a[title="alike-cut.jpg"]').focus();
    await page.keyboard.press("a");
    assert.deepEqual(await copies(page), ["alike-large.jpg"]);
    assert.equal(await focus(page), "alike-large.jpg");
    await page.keyboard.press("?");
    await page.getByText("show the photos alike this one").waitFor();
  }));

test("another search folds them again, and an unfolded photo opens", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a picture");
    await page.getByRole("button", { name: "+2 alike" }).click();
    await page.locator('#grid a[title="alike-small.jpg"]').click();
    await page.getByRole("dialog").getByText("alike-small.jpg").first().waitFor();
    await page.keyboard.press("Escape");
    await search(page, "a drawing");
    await settled(page);
    assert.deepEqual(await copies(page), ["alike-large.jpg"]);
  }));

test("all photos are selected, those that lie below others too", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "name:alike");
    assert.deepEqual(await copies(page), ["alike-large.jpg"]);
    await page.locator("#query").blur();
    await page.keyboard.press("Control+a");
    await page.getByText("3 photos selected").waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save list" }).click();
    const lines = readFileSync(await (await saved).path(), "utf8").trim().split("\n");
    assert.deepEqual(lines.map((line) => basename(line)).sort(), COPIES.toSorted());
  }));
