// Looking at a photo: enlarge, move, swipe, slideshow, whole screen, two side by side, its number.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo, png } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { names, onPage, openBrowser, photograph, settled, viewer } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  const photos = join(home, "photos");
  copyDemo(photos);
  writeFileSync(join(photos, "large.png"), png(3000, 2000, [40, 120, 90]));
  seer = await serve(home, [photos]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const title = (page) => page.locator("#viewer-name").textContent();
const box = (page) => page.locator("#frame").boundingBox();

async function open(page, name) {
  await settled(page);
  await page.locator(name ? `#grid a[title="${name}"]` : "#grid a >> nth=0").click();
  await viewer(page).waitFor();
  await page.waitForFunction(() => document.getElementById("picture").naturalWidth > 0);
}

test("wheel, double click and keys enlarge the picture where one points, and the whole file is loaded", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await open(page, "large.png");
      const fitted = await box(page);
      const point = { x: fitted.x + fitted.width * 0.25, y: fitted.y + fitted.height * 0.5 };
      await page.mouse.move(point.x, point.y);
      await page.mouse.wheel(0, -400);
      await page.waitForFunction((width) => document.getElementById("frame").offsetWidth > 1.5 * width, fitted.width);
      const larger = await box(page);
      assert.ok(Math.abs(larger.x + larger.width * 0.25 - point.x) < 2, "the point stays where it is");
      assert.ok(Math.abs(larger.y + larger.height * 0.5 - point.y) < 2);
      await page.mouse.wheel(0, 4000);
      await page.mouse.wheel(0, 4000);
      assert.deepEqual(await box(page), fitted);
      await page.mouse.dblclick(point.x, point.y);
      assert.ok(Math.abs((await box(page)).width - 3000) < 2, "every pixel");
      await page.waitForFunction(() => document.getElementById("picture").currentSrc.includes("/original") && document.getElementById("picture").naturalWidth === 3000);
      const before = await box(page);
      await page.mouse.move(400, 400);
      await page.mouse.down();
      await page.mouse.move(300, 340);
      await page.mouse.up();
      const moved = await box(page);
      assert.deepEqual([Math.round(moved.x - before.x), Math.round(moved.y - before.y)], [-100, -60]);
      await page.keyboard.press("ArrowRight");
      assert.ok((await box(page)).x < moved.x, "arrows move it");
      assert.equal(await title(page), "large.png");
      await page.keyboard.press("z");
      assert.deepEqual(await box(page), fitted);
      await page.keyboard.press("i");
      assert.ok((await box(page)).width > fitted.width);
      await page.keyboard.press("o");
      assert.deepEqual(await box(page), fitted);
    },
    { path: "/?q=name:large" },
  ));

test("fingers enlarge and swipe", () =>
  onPage(
    browser,
    seer.url,
    async (page) => {
      await settled(page);
      const all = await names(page);
      await open(page);
      const client = await page.context().newCDPSession(page);
      const touch = (type, ...points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
      await touch("touchStart", [300, 250]);
      await touch("touchMove", [200, 252]);
      await touch("touchMove", [100, 255]);
      await touch("touchEnd");
      await page.waitForFunction((name) => document.getElementById("viewer-name").textContent === name, all[1]);
      const fitted = await box(page);
      await touch("touchStart", [150, 200], [200, 200]);
      await touch("touchMove", [100, 200], [250, 200]);
      await touch("touchEnd");
      await page.waitForFunction((width) => document.getElementById("frame").offsetWidth > 1.5 * width, fitted.width);
      assert.equal(await title(page), all[1]);
    },
    { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  ));

test("its number is said, Home and End lead to the ends", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    const all = await names(page);
    await open(page);
    assert.equal(await page.locator("#viewer-place").textContent(), "Photo 1 of 41");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText("Photo 3 of 41").waitFor();
    await page.keyboard.press("End");
    await page.getByText("Photo 41 of 41").waitFor();
    await page.keyboard.press("Home");
    await page.getByText("Photo 1 of 41").waitFor();
    assert.equal(await title(page), all[0]);
  }));

test("a slideshow goes on by itself until it is ended", () =>
  onPage(browser, seer.url, async (page) => {
    await page.clock.install();
    await page.reload();
    await settled(page);
    const all = await names(page);
    await open(page);
    await page.keyboard.press("Space");
    const button = page.getByRole("button", { name: "Slideshow" });
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    await page.clock.runFor(4100);
    await page.waitForFunction((name) => document.getElementById("viewer-name").textContent === name, all[1]);
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), "false");
    await page.clock.runFor(9000);
    assert.equal(await title(page), all[1]);
  }));

test("two photos stand side by side while one of them changes", (context) =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    const all = await names(page);
    await open(page);
    await page.keyboard.press("c");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((name) => document.getElementById("viewer-name").textContent === name, all[1]);
    const left = page.locator("#beside");
    assert.equal(await left.getAttribute("alt"), all[0]);
    const [kept, shown] = [await left.boundingBox(), await box(page)];
    assert.ok(kept.x + kept.width <= shown.x, `${JSON.stringify(kept)} ${JSON.stringify(shown)}`);
    context.diagnostic(await photograph(page, "side-by-side"));
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction((name) => document.getElementById("viewer-name").textContent === name, all[0]);
    for (const width of [1440, 820, 390]) {
      await page.setViewportSize({ width, height: 860 });
      await page.waitForTimeout(200);
      const [one, other] = [await left.boundingBox(), await box(page)];
      const scale = ({ width, height }, { w, h }) => Math.min(width / w, height / h);
      const size = await left.evaluate((image) => ({ w: image.naturalWidth, h: image.naturalHeight }));
      assert.ok(Math.abs(scale(one, size) - scale(other, size)) < 0.01, `at ${width}: ${JSON.stringify([one, other, size])}`);
      assert.ok(Math.abs(one.y + one.height / 2 - (other.y + other.height / 2)) < 1);
    }
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.keyboard.press("c");
    assert.equal(await left.isVisible(), false);
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.fullscreenElement?.id === "stage");
    await page.keyboard.press("f");
    await page.waitForFunction(() => !document.fullscreenElement);
  }));

test("a photo opens quickly", () =>
  onPage(browser, seer.url, async (page) => {
    await settled(page);
    await page.locator("#grid img.there").nth(3).waitFor();
    const took = await page.evaluate(async () => {
      const start = performance.now();
      document.querySelectorAll("#grid a")[3].click();
      const picture = document.getElementById("picture");
      while (!(document.getElementById("viewer").open && picture.complete && picture.naturalWidth > 0)) {
        await new Promise((done) => requestAnimationFrame(done));
      }
      return performance.now() - start;
    });
    assert.ok(took < 1000, `${took} ms`);
  }));
