// A part of a photo as the question.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { focus, names, onPage, openBrowser, photograph, settled, viewer } from "./steps.js";

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyDemo(join(home, "photos"));
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

async function openFirst(page) {
  await settled(page);
  await page.locator("#grid a").first().click();
  await page.waitForFunction(() => document.querySelector("#picture").naturalWidth > 0);
}

/** The picture that the next search is by, with its size. */
async function searchedBy(page, act) {
  const asked = page.waitForRequest((request) => request.url().endsWith("/api/search") && (request.postData() ?? "").includes("data"));
  await act();
  const { data } = JSON.parse((await asked).postData()).pictures[0];
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const { width, height } = await createImageBitmap(new Blob([bytes]));
    return { width, height };
  }, data);
}

test("a rectangle that is drawn is cut out and searched by", () =>
  onPage(browser, seer.url, async (page) => {
    await openFirst(page);
    const address = page.url();
    await page.getByRole("button", { name: "Find a part of it" }).click();
    const { x, y, width, height } = await page.locator("#region-cover").boundingBox();
    await page.mouse.move(x + width * 0.1, y + height * 0.2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.6, y + height * 0.7, { steps: 4 });
    await page.mouse.up();
    await photograph(page, "region");
    assert.equal(page.url(), address, "the photo stays");
    const natural = await page.locator("#picture").evaluate((image) => [image.naturalWidth, image.naturalHeight]);
    const size = await searchedBy(page, () => page.getByRole("button", { name: "Find this" }).click());
    const ratio = (natural[0] * 0.5) / (natural[1] * 0.5);
    assert.ok(Math.abs(size.width / size.height - ratio) < 0.05, JSON.stringify(size));
    assert.ok(Math.max(size.width, size.height) <= 1024);
    await page.waitForFunction(() => document.querySelector("#chips .chip")?.textContent.startsWith("part of "));
    assert.ok((await names(page)).length > 0);
    assert.ok(await viewer(page).isHidden());
    await page.goBack();
    await page.waitForFunction((wanted) => location.href === wanted, address);
  }));

test("keys move and size it; Escape leaves it, and the photo stays open", () =>
  onPage(browser, seer.url, async (page) => {
    await openFirst(page);
    await page.keyboard.press("r");
    assert.equal(await focus(page), "region-cover");
    const side = (name) => page.locator("#region-area").evaluate((area, which) => Number.parseFloat(area.style[which]), name);
    assert.deepEqual([await side("left"), await side("width")], [25, 50]);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowRight");
    assert.deepEqual([await side("left"), await side("width")], [23, 52]);
    for (let i = 0; i < 20; i += 1) await page.keyboard.press("ArrowLeft");
    assert.equal(await side("left"), 0, "it stays in the picture");
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#region-cover").isHidden());
    assert.ok(await viewer(page).isVisible());
    assert.equal(await focus(page), "region");
    await page.keyboard.press("r");
    await searchedBy(page, () => page.keyboard.press("Enter"));
    await page.waitForFunction(() => document.querySelector("#chips .chip")?.textContent.startsWith("part of "));
  }));
