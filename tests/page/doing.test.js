// Selecting photos and doing something with them: paths, a list, an album, dragging out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, names, onPage, openBrowser, photograph, search, settled } from "./steps.js";

const TOKEN = "doing-doing-doing";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  paint(join(home, "photos"), 150);
  seer = await serve(home, [join(home, "photos")], { token: TOKEN });
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const check = (page, at) => page.locator("#grid .check").nth(at);
const said = (page) => page.locator("#selected-count").textContent();
const path = (name) => join(home, "photos", name);

async function start(page) {
  await settled(page);
  await page.locator("#grid img.there").nth(6).waitFor();
  return names(page);
}

test("photos are selected by click, as a range and by keys, and their paths are copied", (context) =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      const all = await start(page);
      await check(page, 1).click();
      assert.equal(await said(page), "1 photo selected");
      await check(page, 5).click({ modifiers: ["Shift"] });
      assert.equal(await said(page), "5 photos selected");
      await check(page, 3).click();
      assert.equal(await said(page), "4 photos selected");
      await page.locator("#grid a").nth(0).focus();
      await page.keyboard.press("x");
      assert.equal(await page.locator("#grid .chosen").count(), 5);
      assert.equal(new URL(page.url()).search, "", "no photo was opened");
      context.diagnostic(await photograph(page, "selected"));
      await page.getByRole("button", { name: "Copy paths" }).click();
      await page.getByText("5 paths copied").waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      assert.deepEqual(text.split("\n"), [1, 2, 4, 5, 0].map((at) => path(all[at])));
      await page.getByText("5 photos selected").waitFor({ timeout: 8000 });
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("#selected").isVisible(), false);
      assert.equal(await page.locator("#grid .chosen").count(), 0);
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ));

test("all photos of an answer are selected, also those that were never in view, and saved as a list", () =>
  onPage(browser, seer.url, async (page) => {
    await start(page);
    await search(page, "name:plain-00");
    await page.locator("#query").blur();
    await page.keyboard.press("Control+a");
    await page.getByText("100 photos selected").waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save list" }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "photos.txt");
    const lines = readFileSync(await file.path(), "utf8").trim().split("\n");
    const expected = Array.from({ length: 100 }, (_, at) => path(`plain-${String(at).padStart(4, "0")}.png`));
    assert.deepEqual(lines.sort(), expected);
  }));

test("selected photos become an album, and more are added to it", () =>
  onPage(
    browser,
    `${seer.url}?token=${TOKEN}`,
    async (page) => {
      const all = await start(page);
      const put = async (at) => {
        await check(page, at).click();
        await page.getByRole("button", { name: "Add to album…" }).click();
        const sheet = page.getByRole("dialog", { name: "Add to an album" });
        await sheet.getByLabel("A new name").fill("Picked");
        await sheet.getByRole("button", { name: "Add", exact: true }).click();
        await sheet.getByText("1 photo added to “Picked”.").waitFor();
        await sheet.getByRole("button", { name: "Close" }).click();
        await page.getByRole("button", { name: "Clear the selection" }).click();
      };
      await put(2);
      await put(4);
      await page.getByRole("button", { name: "Albums" }).click();
      await page.getByRole("link", { name: "Picked" }).click();
      await page.waitForURL(/q=album%3A%22Picked%22/);
      await page.waitForFunction(() => document.querySelectorAll("#grid a").length === 2);
      assert.deepEqual((await names(page)).sort(), [all[2], all[4]].sort());
      await check(page, 0).click();
      const [first] = await names(page);
      await page.getByRole("button", { name: "Take out of the album" }).click();
      await page.waitForFunction(() => document.querySelectorAll("#grid a").length === 1);
      assert.notEqual((await names(page))[0], first);
      await page.goto(seer.url);
      await start(page);
      await check(page, 0).click();
      assert.ok(await page.getByRole("button", { name: "Take out of the album" }).isHidden(), "these are all photos");
    },
    { path: `/?token=${TOKEN}` },
  ));

test("a photo that is dragged out is its file", () =>
  onPage(browser, seer.url, async (page) => {
    const all = await start(page);
    const data = await page.evaluate(() => {
      const transfer = new DataTransfer();
      const link = document.querySelectorAll("#grid a")[3];
      link.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer: transfer }));
      return Object.fromEntries(["DownloadURL", "text/uri-list", "text/plain"].map((type) => [type, transfer.getData(type)]));
    });
    assert.equal(data["text/plain"], path(all[3]));
    const [type, name] = data.DownloadURL.split(":");
    assert.deepEqual([type, name], ["image/png", all[3]]);
    const response = await page.request.get(data["text/uri-list"]);
    assert.deepEqual(await response.body(), readFileSync(path(all[3])));
  }));

test("the bar of the selection fits on a phone", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await start(page);
      await check(page, 0).tap();
      await assertNoSidewaysScroll(page);
      const { x, width } = await page.locator("#selected").boundingBox();
      assert.ok(x >= 0 && x + width <= 360);
    },
    { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  ));

test("selected photos are hidden, found by hidden:yes, and shown again", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      const all = await start(page);
      await check(page, 0).click();
      await check(page, 2).click();
      await page.getByRole("button", { name: "Hide", exact: true }).click();
      await page.getByText("148 photos, newest first").waitFor();
      assert.ok(await page.locator("#selected").isHidden());
      assert.deepEqual((await names(page)).slice(0, 2), [all[1], all[3]]);
      await page.getByText("2 photos hidden").waitFor();
      const undo = page.getByRole("button", { name: "Undo" });
      assert.ok(await undo.evaluate((element) => element === document.activeElement), "the way back has the focus");
      await page.keyboard.press("Enter");
      await page.getByText("150 photos, newest first").waitFor();
      assert.ok(await undo.isHidden());
      assert.deepEqual((await names(page)).slice(0, 4), all.slice(0, 4));
      await check(page, 0).click();
      await check(page, 2).click();
      await page.getByRole("button", { name: "Hide", exact: true }).click();
      await page.getByText("148 photos, newest first").waitFor();
      await search(page, "hidden:yes");
      assert.deepEqual(await names(page), [all[0], all[2]]);
      await check(page, 0).focus();
      await page.keyboard.press("Control+a");
      await page.getByText("2 photos selected").waitFor();
      await page.getByRole("button", { name: "Show again" }).click();
      await page.getByText("No photo is hidden.").waitFor();
      await page.getByText("2 photos shown again").waitFor();
      await page.getByRole("button", { name: "Close" }).filter({ visible: true }).click();
      assert.ok(await undo.isHidden());
      await search(page, "hidden:yes kite");
      await page.getByText("No hidden photo fits this search.").waitFor();
      await search(page, "");
      await page.getByText("150 photos, newest first").waitFor();
    },
    { path: `/?token=${TOKEN}` },
  ));

test("what was hidden by mistake comes back by a touch", (context) =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await start(page);
      await check(page, 0).tap();
      await page.getByRole("button", { name: "Hide", exact: true }).tap();
      await page.getByText("1 photo hidden").waitFor();
      context.diagnostic(await photograph(page, "hidden-390"));
      const { x, width } = await page.locator("#notice").boundingBox();
      assert.ok(x >= 0 && x + width <= 390);
      await assertNoSidewaysScroll(page);
      await page.getByRole("button", { name: "Undo" }).tap();
      await page.getByText("150 photos, newest first").waitFor();
      assert.ok(await page.locator("#notice").isHidden());
    },
    { path: `/?token=${TOKEN}`, viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true },
  ));

test("selected photos are saved as one file", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await start(page);
      await check(page, 0).click();
      await check(page, 1).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download" }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "photos.zip");
      const bytes = readFileSync(await download.path());
      assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\x03\x04");
      assert.equal(bytes.toString("latin1").split("PK\x01\x02").length - 1, 2, "files in its list");
    },
    { path: `/?token=${TOKEN}` },
  ));
