// Why a photo is a result: asked when the panel is opened, and only then.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, search, viewer } from "./steps.js";

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

/** What the panel says, as a map of its rows. */
async function said(page) {
  await page.locator("#why-rows dt").first().waitFor();
  return page.locator("#why-rows").evaluate((list) => {
    const texts = [...list.children].map((one) => one.textContent);
    return Object.fromEntries(texts.flatMap((text, i) => (i % 2 ? [] : [[text, texts[i + 1]]])));
  });
}

test("the panel says what the score is made of, in shares that add up", () =>
  onPage(browser, seer.url, async (page) => {
    let asked = 0;
    page.on("request", (request) => (asked += /"explain":true/.test(request.postData() ?? "") ? 1 : 0));
    await search(page, "a kitten playing with wool -dog ext:jpg");
    await names(page);
    await page.locator("#grid a").nth(1).click();
    await viewer(page).waitFor();
    assert.equal(asked, 0, "nothing is asked before somebody wants to know");
    const button = page.getByRole("button", { name: "Why this photo?" });
    assert.equal(await button.getAttribute("aria-expanded"), "false");
    await button.click();
    const rows = await said(page);
    assert.equal(asked, 1);
    const number = (text) => Number(text.replace("\u2212", "-"));
    const sum = number(rows["“a kitten playing with wool”"]) + number(rows["not “dog”"]);
    assert.ok(Math.abs(sum - number(rows.Score)) < 0.01, JSON.stringify(rows));
    assert.match(rows.Without, /“kitten” .*“wool”/);
    assert.match(rows["ext:jpg"], /\.jpg$/);
    assert.match(rows.Place, /^\d+ by meaning/);
    assert.match(rows.Fits, /^(strong|likely|weak): /);
  }));

test("a key opens and closes it, and another photo starts anew", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "ext:jpg");
    await page.locator("#grid a").first().click();
    await viewer(page).waitFor();
    await page.keyboard.press("y");
    const first = await said(page);
    assert.deepEqual(Object.keys(first), ["ext:jpg"], "nothing was compared");
    await page.keyboard.press("y");
    await page.locator("#why").waitFor({ state: "hidden" });
    await page.keyboard.press("y");
    await said(page);
    await page.keyboard.press("ArrowRight");
    await page.locator("#why").waitFor({ state: "hidden" });
    await page.keyboard.press("y");
    assert.notDeepEqual(await said(page), first);
  }));
