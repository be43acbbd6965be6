// Smart albums on the page: saved, opened by an address, removed.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, names, onPage, openBrowser, photograph, search, settled } from "./steps.js";

const TOKEN = "the-token-of-the-page-test";
let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyFixtures(photos);
  paint(join(photos, "plain"), 5);
  seer = await serve(home, [photos], { token: TOKEN });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const withToken = { path: `/?token=${TOKEN}` };

test("a search is saved as an album, and opened from the list", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    assert.ok(await page.getByRole("button", { name: "Save as album" }).isHidden(), "nothing is asked");
    await search(page, "ext:png");
    const found = await names(page);
    await page.getByRole("button", { name: "Save as album" }).click();
    const field = page.getByRole("textbox", { name: "Save this search as an album" });
    assert.ok(await field.evaluate((input) => input === document.activeElement), "ready to type");
    await field.fill("All PNGs & <b>more</b>");
    await page.keyboard.press("Enter");
    await page.getByText("Saved as").waitFor();
    const badge = page.locator("#albums-list .badge");
    await badge.filter({ hasText: "photo" }).waitFor();
    assert.equal(await badge.textContent(), `${found.length} photos`);
    await photograph(page, "albums");
    await page.keyboard.press("Escape");

    await search(page, "something else");
    await page.getByRole("button", { name: "Albums" }).click();
    const link = page.getByRole("link", { name: "All PNGs & <b>more</b>" });
    assert.equal(await link.getAttribute("href"), "/?q=ext%3Apng", "an address to share");
    await link.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === "ext:png");
    assert.deepEqual(await names(page), found);
    assert.equal(await page.locator("#albums[open]").count(), 0);
  }, withToken));

test("an album is removed after a question", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "dogs");
    await page.getByRole("button", { name: "Save as album" }).click();
    await page.getByRole("textbox", { name: "Save this search as an album" }).fill("dogs");
    await page.keyboard.press("Enter");
    await page.getByText("Saved as").waitFor();
    const remove = page.getByRole("button", { name: "Remove the album dogs" });
    await remove.click();
    await page.getByRole("button", { name: "Keep it" }).click();
    assert.equal(await page.locator("#albums-list li").filter({ hasText: "dogs" }).count(), 1);
    await remove.click();
    await page.getByRole("button", { name: "Remove the album", exact: true }).filter({ visible: true }).click();
    await page.waitForFunction(() => ![...document.querySelectorAll("#albums-list h4")].some((h) => h.textContent === "dogs"));
  }, withToken));

test("an album gets another name", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "ext:png year:2019");
    await page.getByRole("button", { name: "Save as album" }).click();
    await page.getByRole("textbox", { name: "Save this search as an album" }).fill("of 2019");
    await page.keyboard.press("Enter");
    await page.getByText("Saved as").waitFor();
    const opener = page.getByRole("button", { name: "Rename the album of 2019" });
    const field = page.getByRole("textbox", { name: "New name" }).filter({ visible: true });
    await opener.click();
    await page.keyboard.press("Escape");
    assert.ok(await opener.evaluate((element) => element === document.activeElement), "where it came from");
    await opener.click();
    await field.fill("Of that year");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Rename the album Of that year" }).waitFor();
    const names = await page.locator("#albums-list h4").allTextContents();
    assert.ok(names.includes("Of that year") && !names.includes("of 2019"), names.join());
    assert.equal(await page.locator("#albums[open]").count(), 1, "the sheet stays");
  }, withToken));

test("who may only look is told what it takes to save", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "cats");
    await page.getByRole("button", { name: "Save as album" }).click();
    await page.getByRole("textbox", { name: "Save this search as an album" }).fill("cats");
    await page.keyboard.press("Enter");
    await page.locator("#album-saved.wrong").waitFor();
  }, { expected: [/401/] }));

test("the sheet and the chips fit on every screen, light and dark", async () => {
  for (const width of [390, 820, 1440]) {
    for (const colorScheme of ["light", "dark"]) {
      const options = { ...withToken, viewport: { width, height: 860 }, colorScheme };
      await onPage(browser, seer.url, async (page) => {
        await search(page, "ext:png");
        const [first] = await names(page);
        await page.locator(`#grid a[title="${first}"]`).focus();
        await page.keyboard.press("+");
        await page.waitForFunction(() => document.querySelectorAll("#chips .chip").length === 2);
        await settled(page);
        await photograph(page, `albums-lead-${width}-${colorScheme}`);
        await assertNoSidewaysScroll(page);
        await page.getByRole("button", { name: "Save as album" }).click();
        await page.locator("#albums-list li").first().waitFor();
        await photograph(page, `albums-sheet-${width}-${colorScheme}`);
        const box = await page.locator("#albums").boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, `the sheet at ${width}`);
        await page.keyboard.press("Escape");
        await page.locator(`#grid a[title="${first}"]`).click();
        await page.getByRole("button", { name: "More like this", exact: true }).waitFor();
        await photograph(page, `marks-viewer-${width}-${colorScheme}`);
      }, options);
    }
  }
});
