// Queries in other languages: what the page says of them, and the way back.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, search, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyFixtures(photos);
  seer = await serve(home, [photos], { model: "builtin" });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const chip = (page, text) => page.locator("#chips .chip", { hasText: text });

test("English says nothing", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a red flower");
    assert.equal(await page.locator("#chips .chip").count(), 0);
  }));

test("a sentence in another language is read, and can be read as English", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "une femme avec un parapluie rouge");
    await chip(page, "read as French").waitFor();
    const french = await names(page);
    await page.getByRole("button", { name: "Read as English instead" }).click();
    await page.waitForURL(/q=une\+femme.*lang%3Aen$/);
    await settled(page);
    await chip(page, "read as English").waitFor();
    assert.notDeepEqual(await names(page), french);
    await page.getByRole("button", { name: "Read as it looks" }).click();
    await page.waitForURL(/q=une\+femme\+avec\+un\+parapluie\+rouge$/);
    await settled(page);
    assert.deepEqual(await names(page), french);
  }));

test("the name of a thing is read as the English word, with the same photos", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "Schere");
    await chip(page, "read as “scissors”").waitFor();
    const found = await names(page);
    await search(page, "scissors");
    assert.deepEqual(await names(page), found);
  }));

test("a word that may be a name is not claimed for a language", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "Neuschwanstein");
    await chip(page, "not read as English").waitFor();
  }));

test("a language that no tower knows is told", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "lang:th หมา");
    await chip(page, "read as Thai, which this model does not know").waitFor();
  }));
