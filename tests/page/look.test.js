// How it looks: dark and light, phone width, references between elements. Screenshots are kept.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyFixtures, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, onPage, openBrowser, photograph, viewer } from "./steps.js";

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  paint(join(home, "photos/plain"), 40);
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

for (const colorScheme of ["light", "dark"]) {
  test(`${colorScheme}: start, search and viewer`, async (context) => {
    const background = () => getComputedStyle(document.documentElement).backgroundColor;
    await onPage(
      browser,
      seer.url,
      async (page) => {
        await page.locator("#grid img.there").first().waitFor();
        const [red] = (await page.evaluate(background)).match(/\d+/g).map(Number);
        assert.equal(red < 128, colorScheme === "dark");
        context.diagnostic(await photograph(page, `${colorScheme}-start`));
        await page.locator("#query").fill("kite ext:jpg orientation:landscape");
        await page.locator(".chip").nth(1).waitFor();
        context.diagnostic(await photograph(page, `${colorScheme}-search`));
        await page.locator("#grid a").first().click();
        await viewer(page).waitFor();
        context.diagnostic(await photograph(page, `${colorScheme}-viewer`));
      },
      { colorScheme },
    );
  });
}

test("a phone's width is enough for everything", async (context) => {
  await onPage(
    browser,
    seer.url,
    async (page) => {
      await page.locator("#grid img.there").first().waitFor();
      await assertNoSidewaysScroll(page);
      assert.equal(await page.getByRole("button", { name: "Filter", exact: true }).isVisible(), true);
      context.diagnostic(await photograph(page, "phone-search"));
      await page.locator("#grid a").first().tap();
      await viewer(page).waitFor();
      await assertNoSidewaysScroll(page);
      context.diagnostic(await photograph(page, "phone-viewer"));
      await page.getByRole("button", { name: "Close" }).tap();
      await page.getByRole("button", { name: "Filter", exact: true }).tap();
      await page.getByRole("button", { name: "How to search" }).tap();
      await assertNoSidewaysScroll(page);
    },
    { ...PHONE, path: "/?q=kite+ext:jpg,png+-orientation:square+width:>1+size:<1gb" },
  );
});

test("tiles have their size before their picture has loaded", () =>
  onPage(browser, seer.url, async (page) => {
    await page.route("**/thumbnail*", () => {});
    await page.reload({ waitUntil: "domcontentloaded" });
    await page.locator("#grid a").nth(10).waitFor();
    const boxes = await page.locator("#grid .tile").evaluateAll((tiles) =>
      tiles.map((tile) => [tile.offsetWidth, tile.offsetHeight]),
    );
    assert.ok(boxes.every(([width, height]) => width > 40 && height > 40), JSON.stringify(boxes));
  }));

test("every aria reference and label leads to an element", () =>
  onPage(browser, seer.url, async (page) => {
    await page.locator("#grid a").first().click();
    await viewer(page).waitFor();
    const missing = await page.evaluate(() => {
      const names = ["aria-labelledby", "aria-describedby", "aria-controls", "for"];
      return names.flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].flatMap((element) =>
          element.getAttribute(name).split(/\s+/).filter((id) => !document.getElementById(id)),
        ),
      );
    });
    assert.deepEqual(missing, []);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button:not([hidden]), a[href], input:not([hidden])")]
        .filter((element) => !(element.textContent.trim() || element.getAttribute("aria-label") || element.labels?.length || element.querySelector("img[alt]:not([alt=''])")))
        .map((element) => element.outerHTML),
    );
    assert.deepEqual(nameless, []);
    const pictures = await page.locator("img:not([alt])").count();
    assert.equal(pictures, 0);
  }));

test("who wants little motion gets none", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await page.locator("#grid img").first().waitFor();
      const duration = await page.locator("#grid img").first().evaluate((image) => getComputedStyle(image).transitionDuration);
      assert.equal(duration, "0s");
    },
    { reducedMotion: "reduce" },
  ));
