// Words that say when or leave something out: chips of what they were read as, the way back and the way there.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, search, settled } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyFixtures(photos);
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const chip = (page, text) => page.locator("#chips .chip", { hasText: text });
const asked = (page) => new URL(page.url()).searchParams.get("q");

test("a sure reading is applied and can be taken back", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a flower in June 1950");
    await chip(page, "“in June 1950”: date:1950-06").waitFor();
    await page.getByText("No photo passes these filters").waitFor();
    await page.getByRole("button", { name: "Read “in June 1950” as words instead" }).click();
    await page.waitForFunction(() => new URL(location.href).searchParams.get("q")?.includes("words:"));
    await settled(page);
    assert.equal(asked(page), 'a flower words:"in June 1950"');
    assert.equal(await chip(page, "June").count(), 0);
    assert.notEqual(await page.locator("#grid a").count(), 0);
    await page.goBack();
    await chip(page, "“in June 1950”").waitFor();
  }));

test("an unsure reading is offered and can be taken up", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "city at night");
    await chip(page, "“at night”: time:22:00..05:00?").waitFor();
    const all = await page.locator("#grid a").count();
    assert.notEqual(all, 0);
    await page.getByRole("button", { name: "Read “at night” as time:22:00..05:00" }).click();
    await page.waitForFunction(() => new URL(location.href).searchParams.get("q") === "city time:22:00..05:00");
    await settled(page);
    const typed = chip(page, "time:22:00..05:00");
    await typed.waitFor();
    await typed.getByRole("button").click();
    await page.waitForFunction(() => new URL(location.href).searchParams.get("q") === "city");
  }));

test("what words leave out is a chip and no filter", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a flower without people");
    await chip(page, "“without people”: -people").waitFor();
    assert.notEqual(await page.locator("#grid a").count(), 0);
    assert.equal(await page.getByText("passes the filter").count(), 0);
    await page.getByRole("button", { name: "Read “without people” as words instead" }).click();
    await page.waitForFunction(() => new URL(location.href).searchParams.get("q")?.includes("words:"));
    await settled(page);
    assert.equal(asked(page), 'a flower words:"without people"');
    assert.equal(await chip(page, "people").count(), 0);
  }));

test("ordinary words show no chip", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a winter coat under a night sky");
    assert.equal(await page.locator("#chips .chip").count(), 0);
  }));
