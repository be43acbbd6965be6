// Which model is in use, and the way to a better one.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, search } from "./steps.js";

let home, browser;

before(async () => {
  home = temporaryFolder();
  paint(join(home, "photos"), 3);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  remove(home);
});

test("with the built-in model the footer leads to a better one, with commands to copy", async () => {
  const seer = await serve(home, [join(home, "photos")], { model: "builtin" });
  try {
    await indexed(seer.url);
    const { model } = await (await fetch(new URL("/api/status", seer.url))).json();
    assert.equal(model.name, "builtin");
    const permissions = ["clipboard-read", "clipboard-write"];
    await onPage(
      browser,
      seer.url,
      async (page) => {
        await page.getByRole("button", { name: "A larger model finds more" }).click();
        const sheet = page.getByRole("dialog", { name: "The model" });
        await sheet.getByText(model.about).waitFor();
        await sheet.getByRole("heading", { name: model.better.name }).waitFor();
        await sheet.getByText(`seer serve --model ${model.better.name}`, { exact: true }).waitFor();
        await sheet.getByRole("button", { name: `Copy: seer models pull ${model.better.name}` }).click();
        await sheet.getByText("Copied").waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.equal(copied, `seer models pull ${model.better.name}`);
        await page.keyboard.press("Escape");
        assert.equal(await sheet.isVisible(), false);
      },
      { permissions },
    );
  } finally {
    await seer.stop();
  }
});

test("with another model nothing is said", async () => {
  const own = temporaryFolder();
  const seer = await serve(own, [join(home, "photos")]);
  try {
    await indexed(seer.url);
    await onPage(browser, seer.url, async (page) => {
      await page.getByText(/^Model clip-tiny on cpu/).waitFor();
      assert.equal(await page.locator("#better-open").isVisible(), false);
    });
  } finally {
    await seer.stop();
    remove(own);
  }
});

test("a search says how long it took, the newest photos do not", async () => {
  const own = temporaryFolder();
  const seer = await serve(own, [join(home, "photos")]);
  try {
    await indexed(seer.url);
    await onPage(browser, seer.url, async (page) => {
      await page.locator("#grid a").first().waitFor();
      assert.equal(await page.locator("#took").isVisible(), false);
      await search(page, "kite");
      assert.match((await page.locator("#took").textContent()) ?? "", /^\d+ ms$/);
    });
  } finally {
    await seer.stop();
    remove(own);
  }
});
