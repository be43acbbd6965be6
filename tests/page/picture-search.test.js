// Searching by a picture: drop, paste, pick; alone and together with words.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, fixture } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, search, settled, transfer } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const kite = () => readFileSync(fixture("8_wide.png"));

test("a dropped picture finds itself first and stands as a chip", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    const moved = await transfer(page, "kite.png", "image/png", kite());
    await page.dispatchEvent("body", "dragover", { dataTransfer: moved });
    assert.equal(await page.locator("#drop").isVisible(), true);
    await page.dispatchEvent("body", "drop", { dataTransfer: moved });
    assert.equal(await page.locator("#drop").isVisible(), false);
    await page.getByText(/best first$/).waitFor();
    assert.equal((await names(page))[0], "8_wide.png");
    const chip = page.locator(".chip", { hasText: "kite.png" });
    assert.ok(await chip.locator("img").evaluate((image) => image.complete && image.naturalWidth > 0));

    await search(page, "ext:jpg");
    assert.ok((await names(page)).every((name) => name.endsWith(".jpg")));
    assert.equal(await chip.count(), 1);

    await page.getByRole("button", { name: "Remove kite.png" }).click();
    await page.getByText(/newest first$/).waitFor();
    assert.equal(await chip.count(), 0);
  }));

test("a pasted picture searches too", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    const moved = await transfer(page, "image.png", "image/png", kite());
    await page.evaluate((clipboardData) => {
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, moved);
    await page.getByText(/best first$/).waitFor();
    assert.equal((await names(page))[0], "8_wide.png");
  }));

test("a picked picture survives reload and Back", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    await page.locator("#picker").setInputFiles(fixture("8_wide.png"));
    await page.getByText(/best first$/).waitFor();
    await page.reload();
    await page.getByText(/best first$/).waitFor();
    assert.equal(await page.locator(".chip", { hasText: "8_wide.png" }).count(), 1);
    assert.equal((await names(page))[0], "8_wide.png");
    await page.goBack();
    await page.getByText(/newest first$/).waitFor();
    await page.goForward();
    await page.getByText(/best first$/).waitFor();
    await settled(page);
    assert.equal(await page.locator(".chip").count(), 1);
  }));

test("what is no picture is refused in words", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.locator("#grid a").first().waitFor();
      const moved = await transfer(page, "notes.png", "image/png", Buffer.from("just text"));
      await page.dispatchEvent("body", "drop", { dataTransfer: moved });
      await page.getByRole("heading", { name: "That picture cannot be read" }).waitFor();
      assert.equal(await page.locator(".chip").count(), 0, "it is in the way of no other search");
      assert.doesNotMatch(page.url(), /picture=/);
      await search(page, "kite");
      await page.locator("#grid a").first().waitFor();
      await page.dispatchEvent("body", "drop", { dataTransfer: moved });
      await page.locator("#complaint").filter({ hasText: /\S/ }).waitFor();
      await page.locator("#grid a").first().waitFor();
      assert.equal(await page.locator(".chip").count(), 0);
      await search(page, "");
      await page.dispatchEvent("body", "drop", { dataTransfer: moved });
      await page.getByRole("button", { name: "Show all photos" }).click();
      await page.locator("#grid a").first().waitFor();
    },
    { expected: [/status of 422/] },
  ));

test("a link with a picture of another tab says that it is gone", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.getByText("The picture of this search is not here any more").waitFor();
      assert.doesNotMatch(page.url(), /picture=/);
      await page.locator("#grid a").first().waitFor();
    },
    { path: "/?picture=0123456789ab" },
  ));
