// A new library: the page asks for the folder of photos and shows them; no command line is needed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { copyFixtures } from "./photos.js";
import { remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, photograph } from "./steps.js";

const TOKEN = "token-of-the-page-tests";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos/holiday"));
  [seer, browser] = await Promise.all([serve(home, [], { token: TOKEN }), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

test("a folder is typed, with the folders there to choose from, and its photos appear", async (context) => {
  await onPage(browser, seer.url, async (page) => {
    await page.getByRole("heading", { name: "No photos yet" }).waitFor();
    context.diagnostic(await photograph(page, "first-start"));
    const input = page.locator("#message").getByLabel("Add a folder");
    await input.fill("/no/such/folder");
    await page.locator("#message").getByRole("button", { name: "Add folder" }).click();
    await page.getByText(/there is no "\/no\/such\/folder"/).waitFor();

    await input.fill(`${home}/photos/`);
    await page.locator(`#message option[value="${home}/photos/holiday"]`).waitFor({ state: "attached" });
    await input.fill(`${home}/photos/holiday`);
    await page.locator("#message").getByRole("button", { name: "Add folder" }).click();
    await page.locator("#grid img.there").first().waitFor();
    assert.ok(await page.locator("#message").isHidden());
  }, { path: `/?token=${TOKEN}`, expected: [/status of 400/] });
});

test("who has no token is asked for it where a folder is added", async () => {
  const other = temporaryFolder();
  const empty = await serve(other, [], { token: TOKEN });
  try {
    await onPage(browser, empty.url, async (page) => {
      await page.locator("#message").getByLabel("Add a folder").fill(`${home}/photos`);
      await page.locator("#message").getByRole("button", { name: "Add folder" }).click();
      await page.locator("#message").getByLabel("Token", { exact: true }).fill(TOKEN);
      await page.locator("#message").getByRole("button", { name: "Open" }).click();
      await page.locator("#message").getByLabel("Add a folder").fill(`${home}/photos`);
      await page.locator("#message").getByRole("button", { name: "Add folder" }).click();
      await page.locator("#grid img.there").first().waitFor();
    }, { expected: [/status of 401/] });
  } finally {
    await empty.stop();
    remove(other);
  }
});
