// While the library grows: an empty start, progress, photos that appear by themselves.

import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser } from "./steps.js";

let home, browser;

before(async () => {
  home = temporaryFolder();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  remove(home);
});

test("an empty library says what to do", async () => {
  const own = temporaryFolder();
  const seer = await serve(own, []);
  try {
    await onPage(browser, seer.url, async (page) => {
      await page.getByRole("heading", { name: "No photos yet" }).waitFor();
      assert.equal(await page.locator("#examples").isVisible(), false);
      assert.equal(await page.locator("#progress").isVisible(), false);
    });
  } finally {
    await seer.stop();
    remove(own);
  }
});

test("progress is shown, photos appear without a reload, and the bar leaves at the end", async () => {
  const photos = join(home, "photos");
  mkdirSync(photos);
  paint(photos, 160, { width: 2600, height: 1900, prefix: "large" });
  const seer = await serve(home, [photos]);
  try {
    await onPage(browser, seer.url, async (page) => {
      await page.getByText(/^Indexing: \d+ of 160 files/).waitFor();
      assert.equal(await page.locator("#progress-bar").getAttribute("max"), "160");
      await page.locator("#grid a").first().waitFor();
      await page.locator("#progress").waitFor({ state: "hidden", timeout: 120_000 });
      await page.getByText("160 photos, newest first").waitFor();
      assert.equal(await page.locator("#library").textContent(), "160 photos");
    });
    assert.equal((await indexed(seer.url)).photos, 160);
  } finally {
    await seer.stop();
  }
});

test("a run that fails says so, with the reason", async () => {
  const own = temporaryFolder();
  const photos = join(own, "photos");
  mkdirSync(photos);
  paint(photos, 2, { width: 64, height: 48, prefix: "small" });
  const first = await serve(own, [photos]);
  await indexed(first.url);
  await first.stop();
  renameSync(photos, join(own, "elsewhere"));
  const seer = await serve(own, [photos]);
  try {
    await onPage(
      browser,
      seer.url,
      async (page) => {
        await page.getByText(/^Indexing stopped: cannot index .*photos/).waitFor();
        assert.equal(await page.locator("#progress-bar").isVisible(), false);
      },
      { expected: [/410 \(Gone\)/] }, // the thumbnails of the photos that are elsewhere
    );
  } finally {
    await seer.stop();
    remove(own);
  }
});

test("when the server stops and comes back, so does the page", async () => {
  const first = await serve(home, []);
  const address = new URL(first.url).host;
  let second;
  try {
    await onPage(
      browser,
      first.url,
      async (page) => {
        await page.locator("#grid a").first().waitFor();
        await first.stop();
        await page.locator("#query").fill("kite");
        await page.getByRole("heading", { name: "seer does not answer" }).waitFor();
        assert.equal(await page.locator("#message p").textContent(), "Is “seer serve” still running?");
        second = await serve(home, [], { address });
        await page.locator("#grid a").first().waitFor();
      },
      { expected: [/ERR_CONNECTION/] },
    );
  } finally {
    await second?.stop();
  }
});

test("files that could not be read stand by the kind of their failure, in the page's language", async () => {
  const own = temporaryFolder();
  const photos = join(own, "photos");
  mkdirSync(photos);
  paint(photos, 1);
  for (const name of ["one", "two"]) writeFileSync(join(photos, `${name}.jpg`), "\xff\xd8\xff\xe0 and no more", "latin1");
  writeFileSync(join(photos, "ground.jp2"), Buffer.from("0000000c6a5020200d0a870a", "hex"));
  const seer = await serve(own, [photos]);
  try {
    await indexed(seer.url);
    await onPage(browser, seer.url, async (page) => {
      await page.getByRole("button", { name: "3 Dateien nicht lesbar" }).click();
      const said = page.locator("#failures-list");
      await said.getByText("ground.jp2").waitFor();
      assert.deepEqual(await said.getByRole("heading").allTextContents(), [
        "Beschädigt oder unvollständig (2)", "Solche Dateien werden nicht gelesen (1)",
      ]);
      assert.equal(await said.getByRole("listitem").count(), 5);
    }, { locale: "de-DE" });
  } finally {
    await seer.stop();
    remove(own);
  }
});
