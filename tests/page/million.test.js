// A million photos: few tiles in the document, every place reached, the way through time, the tab's memory.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDouble } from "./double.js";
import { focus, names, onPage, openBrowser, photograph, settled, viewer } from "./steps.js";

const PHOTOS = 1_000_000;
let double, browser;

before(async () => {
  double = await startDouble(PHOTOS);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  double?.stop();
});

const loaded = (page) => page.waitForFunction(() => document.querySelectorAll("#grid .tile:not(.blank)").length > 8 && !document.querySelector("#grid .blank"));
const tiles = (page) => page.locator("#grid .tile").count();
const number = (name) => Number(name.match(/\d+/)[0]);

test("every part of a million photos is reached, and few tiles are in the document", () =>
  onPage(browser, double.url, async (page) => {
    await loaded(page);
    assert.ok((await tiles(page)) < 120);
    for (const share of [0.25, 0.5, 0.75]) {
      await page.evaluate((to) => scrollTo(0, to * (document.body.scrollHeight - innerHeight)), share);
      await page.waitForTimeout(400);
      await loaded(page);
      const shown = (await names(page)).map(number);
      assert.ok(Math.abs(shown[0] - share * PHOTOS) < 0.02 * PHOTOS, `${shown[0]} at ${share}`);
      shown.forEach((one, at) => assert.equal(one, shown[0] + at));
      assert.ok((await tiles(page)) < 120);
    }
    await page.locator("#grid a").first().focus();
    await page.keyboard.press("End");
    await page.waitForFunction((last) => document.activeElement.title === last, `IMG_${PHOTOS - 1}.jpg`);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focus(page), `IMG_${PHOTOS - 2}.jpg`);
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.activeElement.title === "IMG_0.jpg");
  }));

test("scrolling on from the middle of a million goes photo by photo, both ways", () =>
  onPage(browser, double.url, async (page) => {
    await loaded(page);
    await page.evaluate(() => scrollTo(0, 0.5 * document.body.scrollHeight));
    await page.waitForTimeout(500);
    await loaded(page);
    const top = () => page.evaluate(() => Number([...document.querySelectorAll("#grid .tile")].find((tile) => tile.getBoundingClientRect().top > 80).querySelector("a").title.match(/\d+/)[0]));
    let before = await top();
    for (const by of [700, 700, 700, -700, -700, -700]) {
      await page.mouse.move(600, 500);
      await page.mouse.wheel(0, by);
      await page.waitForTimeout(400);
      await loaded(page);
      const now = await top();
      const moved = (now - before) * Math.sign(by);
      assert.ok(moved > 5 && moved < 60, `from ${before} to ${now} by ${by}`);
      before = now;
    }
  }));

test("days have names, and the rail leads through time by keys and by clicks", (context) =>
  onPage(browser, double.url, async (page) => {
    await loaded(page);
    assert.match(await page.locator("#grid .day:visible").first().textContent(), /31.*2025|2025.*31/);
    const rail = page.getByRole("slider", { name: "Time" });
    await rail.waitFor();
    assert.match(await rail.getAttribute("aria-valuetext"), /^December 2025 · [\d,]+ photos$/);
    await rail.focus();
    await page.keyboard.press("PageDown");
    await page.waitForFunction(() => document.querySelector("#time").getAttribute("aria-valuetext").startsWith("December 2024"));
    await loaded(page);
    await page.waitForFunction(() => [...document.querySelectorAll("#grid .day")].some((day) => /31.*December.*2024|December 31, 2024/.test(day.textContent)));
    const { x, y, height } = await rail.boundingBox();
    await page.mouse.click(x + 20, y + height / 2);
    await page.waitForTimeout(500);
    await loaded(page);
    assert.match(await rail.getAttribute("aria-valuetext"), / 201[56] /);
    context.diagnostic(await photograph(page, "million-time"));
  }));

test("a photo opens among a million with its number, and is left where it was", () =>
  onPage(browser, double.url, async (page) => {
    await loaded(page);
    await page.evaluate(() => scrollTo(0, 0.3 * document.body.scrollHeight));
    await page.waitForTimeout(500);
    await loaded(page);
    const place = (title) => page.evaluate((name) => Math.round(document.querySelector(`#grid a[title="${name}"]`).getBoundingClientRect().top), title);
    const tile = await page.evaluate(() => [...document.querySelectorAll("#grid .tile")].find((one) => one.getBoundingClientRect().top > 80).querySelector("a").title);
    const top = await place(tile);
    await page.locator(`#grid a[title="${tile}"]`).click();
    await viewer(page).waitFor();
    await page.getByText(`Photo ${(number(tile) + 1).toLocaleString("en")} of 1,000,000`).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Escape");
    await viewer(page).waitFor({ state: "hidden" });
    assert.equal(await place(tile), top);
    await page.reload();
    await settled(page);
    await loaded(page);
    assert.equal(await page.evaluate(() => [...document.querySelectorAll("#grid .tile")].find((one) => one.getBoundingClientRect().top > 80).querySelector("a").title), tile);
  }));
