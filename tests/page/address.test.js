// The address is the state: links, reload, Back, and the token of an open server.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, photograph, search, settled, viewer } from "./steps.js";

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

test("a link leads to its search, and reload keeps it", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.getByText(/best first$/).waitFor();
      assert.equal(await page.locator("#query").inputValue(), "kite ext:jpg");
      const shown = await names(page);
      assert.ok(shown.every((name) => name.endsWith(".jpg")));
      await page.reload();
      await page.getByText(/best first$/).waitFor();
      assert.deepEqual(await names(page), shown);
    },
    { path: "/?q=kite+ext:jpg" },
  ));

test("the first search is a step, typing on refines it, Back returns", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().waitFor();
    await search(page, "ki");
    await search(page, "kite");
    await search(page, "kite ext:png");
    await page.locator("#query").press("Enter");
    await search(page, "boat");
    await page.goBack();
    await page.waitForURL(/q=kite\+ext%3Apng$/);
    await settled(page);
    assert.ok((await names(page)).every((name) => name.endsWith(".png")));
    await page.goBack();
    await page.waitForURL((url) => url.search === "");
    await page.getByText(/newest first$/).waitFor();
  }));

test("an open photo is part of the address; Back closes it", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").nth(2).click();
    await viewer(page).waitFor();
    const title = await page.locator("#viewer-name").textContent();
    await page.reload();
    await viewer(page).waitFor();
    assert.equal(await page.locator("#viewer-name").textContent(), title);
    await page.goBack();
    await viewer(page).waitFor({ state: "hidden" });
    assert.doesNotMatch(page.url(), /photo=/);
  }));

test("a photo that is not in the library is told, and the page goes on", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.getByText(/no photo with the id/).waitFor();
      await page.locator("#grid a").first().waitFor();
      assert.equal(await viewer(page).isVisible(), false);
    },
    { path: `/?photo=${"ab".repeat(32)}`, expected: [/status of 404/] },
  ));

test("a server on all addresses asks for its token once", async () => {
  const own = temporaryFolder();
  const open = await serve(own, [join(home, "photos")], { address: "0.0.0.0:0" });
  const url = open.url.replace("0.0.0.0", "127.0.0.1");
  const token = new URL(url).searchParams.get("token");
  try {
    await onPage(
      browser,
      url,
      async (page) => {
        await page.getByRole("heading", { name: "This library is locked" }).waitFor();
        const unknown = page.getByText("This token is not known here.");
        assert.equal(await unknown.count(), 0);
        await page.getByRole("textbox", { name: "Token", exact: true }).fill("some-other-token-of-mine");
        await page.getByRole("button", { name: "Open" }).click();
        await unknown.waitFor();
        await photograph(page, "locked-wrong-token");
        await page.getByRole("textbox", { name: "Token", exact: true }).fill(token);
        await page.getByRole("button", { name: "Open" }).click();
        await page.locator("#grid a").first().waitFor();
        assert.doesNotMatch(page.url(), /token=/);
        await page.reload();
        await page.locator("#grid a").first().waitFor();
      },
      { expected: [/status of 401/] },
    );
    await onPage(browser, url, async (page) => {
      await page.locator("#grid a").first().waitFor();
      assert.doesNotMatch(page.url(), /token=/);
      assert.equal(await page.evaluate(() => document.cookie), "");
    }, { path: `/?token=${token}` });
  } finally {
    await open.stop();
    remove(own);
  }
});
