// Searching: words, filters, chips, messages.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, paint, paintAs } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { allNames, announced, focus, names, onPage, openBrowser, search, settled } from "./steps.js";

const HOSTILE = "<img src=x onerror=alert(1)>.png";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyFixtures(photos);
  paint(join(photos, "many"), 140);
  paintAs(photos, HOSTILE, 1000);
  writeFileSync(join(photos, "broken.jpg"), "\xff\xd8\xff\xe0 not a picture");
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

test("the start page shows the newest photos and searches to try", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    assert.match(await announced(page), /^\d+ photos, newest first$/);
    assert.equal(await page.locator("#grid .score:visible").count(), 0);
    const example = page.locator("#examples button").first();
    const text = await example.textContent();
    await example.click();
    await page.waitForFunction((wanted) => new URLSearchParams(location.search).get("q") === wanted, text);
    assert.equal(await page.locator("#query").inputValue(), text);
  }));

test("words show photos with scores, and the count is announced", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "a red kite");
    assert.match(await announced(page), /^\d+ photos, best first$/);
    const scores = await page.locator("#grid .score:visible").allTextContents();
    assert.ok(scores.length > 20);
    const numbers = scores.map(Number);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
    assert.equal(await page.title(), "a red kite · seer");
  }));

test("filters become chips, and removing one widens the search", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "kite ext:jpg -name:cmyk");
    const few = await names(page);
    assert.ok(few.length > 0 && few.every((name) => name.endsWith(".jpg") && !name.includes("cmyk")));
    assert.match(await announced(page), /pass the filters, best first$/);

    await page.getByRole("button", { name: "Remove -name:cmyk" }).click();
    await page.waitForURL(/q=kite\+ext%3Ajpg$/);
    await settled(page);
    assert.equal(await page.locator("#query").inputValue(), "kite ext:jpg");
    assert.equal((await names(page)).length, few.length + 1);
    assert.equal(await page.getByRole("button", { name: /^Remove / }).count(), 1);
  }));

test("filters that nothing passes are told kindly", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "kite year:1890");
    await page.getByRole("heading", { name: "No photo passes these filters" }).waitFor();
    assert.equal((await names(page)).length, 0);
    await page.getByRole("button", { name: "Remove everything" }).click();
    await page.locator("#grid a").first().waitFor();
    assert.equal(await page.getByRole("heading", { name: "No photo passes" }).count(), 0);
  }));

test("a misspelt filter is named while the photos stay", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await search(page, "kite");
      const shown = await names(page);
      await search(page, "kite camra:canon");
      assert.match(await page.getByRole("alert").textContent(), /camra/);
      assert.deepEqual(await names(page), shown);
      await search(page, "kite camera:canon");
      assert.equal(await page.getByRole("alert").isVisible(), false);
    },
    { expected: [/status of 400/] },
  ));

test("file names are text, whatever they contain", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "name:onerror");
    assert.deepEqual(await names(page), [HOSTILE]);
    await page.locator("#grid a").click();
    assert.equal(await page.locator("#viewer-name").textContent(), HOSTILE);
    assert.equal(await page.locator("img[src=x]").count(), 0);
  }));

test("all photos come while scrolling, and few are in the document", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").nth(20).waitFor();
    const all = await allNames(page);
    assert.ok(all.length >= 152, `${all.length}`);
    assert.ok((await page.locator("#grid a").count()) < 90);
    await page.keyboard.press("End");
    await page.locator("footer #library").waitFor();
    assert.equal(await page.locator("#library").isVisible(), true);
  }));

test("keys: slash to the box, down into the grid, arrows between photos, up again", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").nth(20).waitFor();
    const all = await names(page);
    await page.keyboard.press("/");
    assert.equal(await focus(page), "query");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focus(page), all[0]);
    await page.keyboard.press("ArrowRight");
    assert.equal(await focus(page), all[1]);
    await page.keyboard.press("ArrowDown");
    const below = all.indexOf(await focus(page));
    assert.ok(below > 1);
    await page.keyboard.press("ArrowUp");
    assert.equal(await focus(page), all[1]);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focus(page), "query");
    assert.equal(await page.locator('#grid a[tabindex="0"]').count(), 1);
  }));

test("the help opens with ? and closes with Esc", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "How to search" });
    await help.waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Help" }).click();
    await help.getByRole("button", { name: "Close" }).click();
    assert.equal(await focus(page), "help-open");
  }));

test("unreadable files are counted in the footer and listed with their reason", () =>
  onPage(browser, seer.url, async (page) => {
    await page.getByRole("button", { name: "1 file not readable" }).click();
    const list = page.getByRole("dialog", { name: "Files that could not be read" });
    await list.getByText("broken.jpg").waitFor();
    assert.ok((await list.locator("li p").textContent()).length > 5);
    assert.match(await page.locator("#model").textContent(), /^Model .+ on cpu/);
  }));

test("a busy server is asked again, without a word to the visitor", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.locator("#grid a").first().waitFor();
      let refusals = 0;
      await page.route("**/api/search", async (route) => {
        if (route.request().postData().includes('"timeline"')) return route.continue();
        refusals += 1;
        if (refusals > 1) return route.continue();
        const body = JSON.stringify({ error: { code: "busy", message: "too many requests are waiting" } });
        await route.fulfill({ status: 429, headers: { "retry-after": "0.1" }, contentType: "application/json", body });
      });
      await page.locator("#query").fill("ext:jpg");
      await page.getByText("3 photos pass the filter, newest first").waitFor();
      assert.equal(refusals, 2);
      assert.equal(await page.locator("#message").isVisible(), false);
    },
    { expected: [/status of 429/] },
  ));

test("a slow old answer never replaces a newer one", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route("**/api/search", async (route) => {
      if (route.request().postData().includes("ext:png")) await held;
      await route.continue().catch(() => {});
    });
    await page.locator("#query").fill("ext:png");
    await page.waitForRequest((request) => request.postData()?.includes("ext:png") ?? false);
    await search(page, "ext:jpg");
    const shown = await names(page);
    release();
    await page.waitForTimeout(300);
    assert.deepEqual(await names(page), shown);
    assert.ok(shown.every((name) => name.endsWith(".jpg")));
  }));
