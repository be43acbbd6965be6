// What a phone's width asks of the page: the ways that are left open on it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, describe, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, onPage, openBrowser, photograph, search, settled } from "./steps.js";

const PHONE = { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true };

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyFixtures(photos);
  const [name] = paint(photos, 1, { prefix: "told" });
  const tags = Array.from({ length: 40 }, (_, at) => `tag number ${at}`);
  describe(photos, name, { taken: "2019-07-14T16:20:00", tags });
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

test("the viewer's close button stays in view", (context) =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "name:told");
    await page.locator("#grid a").first().tap();
    await page.locator("#viewer[open]").waitFor();
    await page.locator(".panel").evaluate((panel) => panel.scrollTo(0, panel.scrollHeight));
    await page.waitForTimeout(200);
    context.diagnostic(await photograph(page, "phone-viewer"));
    const close = page.locator("#viewer-close");
    const [panel, box] = [await page.locator(".panel").boundingBox(), await close.boundingBox()];
    assert.ok(box.y >= panel.y && box.y + box.height <= panel.y + 80, JSON.stringify([panel, box]));
    assert.equal(await page.locator("#facts .quiet").first().evaluate((link) => getComputedStyle(link).textAlign), "start");
    await close.tap();
    await page.locator("#viewer").waitFor({ state: "hidden" });
  }, PHONE));

test("the search box has room for a few words, and albums are reached", (context) =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    const room = await page.locator("#query").evaluate((box) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(box);
      const ruler = document.createElement("canvas").getContext("2d");
      ruler.font = font;
      return (box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / ruler.measureText("dog on a beach").width;
    });
    context.diagnostic(await photograph(page, "phone-start"));
    assert.ok(room >= 1, `${room}`);
    await page.getByRole("button", { name: "Filter", exact: true }).tap();
    await page.getByRole("button", { name: "Albums" }).tap();
    await page.getByRole("dialog", { name: "Albums" }).waitFor();
    await assertNoSidewaysScroll(page);
  }, PHONE));

test("the card of a run leaves the footer in view, and is closed", (context) =>
  onPage(browser, seer.url, async (page) => {
    const running = { phase: "encoding", total: 900, done: 30, failed: 0, images_per_second: 20, eta_seconds: 40 };
    await page.route("**/api/status", async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, indexing: { run: 7, running: true, progress: running, last: null } } });
    });
    await page.reload();
    const card = page.locator("#progress");
    await card.waitFor();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    context.diagnostic(await photograph(page, "phone-card"));
    const [number, over] = [await page.locator("#model").boundingBox(), await card.boundingBox()];
    assert.ok(number.y + number.height <= over.y, JSON.stringify([number, over]));
    await card.getByRole("button", { name: "Close" }).tap();
    await card.waitFor({ state: "hidden" });
    await page.waitForTimeout(1500);
    assert.ok(await card.isHidden(), "the same run is not shown again");
  }, PHONE));

test("a button stands beside its field where a message asks for something", async () => {
  const own = temporaryFolder();
  const empty = await serve(own, []);
  try {
    for (const width of [820, 1440]) {
      await onPage(browser, empty.url, async (page) => {
        const field = page.locator("#message input");
        await field.waitFor();
        await photograph(page, `empty-${width}`);
        const [one, other] = [await field.boundingBox(), await page.locator("#message .button").boundingBox()];
        assert.ok(Math.abs(one.y + one.height / 2 - (other.y + other.height / 2)) < 1.5, JSON.stringify([one, other]));
      }, { viewport: { width, height: 860 } });
    }
  } finally {
    await empty.stop();
    remove(own);
  }
});
