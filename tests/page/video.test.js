// Videos: their length in the grid, played in the viewer from the second that was found.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, viewer } from "./steps.js";

const clips = fileURLToPath(new URL("../fixtures/videos/", import.meta.url));
const QUERY = "stripes and a triangle";

let home, seer, browser, hits;

before(async () => {
  home = temporaryFolder();
  mkdirSync(join(home, "photos"));
  // Browsers play the first; of the second no frame but the picture is shown.
  copyFileSync(join(clips, "av1.webm"), join(home, "photos/plays.webm"));
  copyFileSync(join(clips, "jpeg.mov"), join(home, "photos/does-not.mov"));
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  const body = JSON.stringify({ query: QUERY, pictures: [], k: 9, all: true });
  const headers = { "content-type": "application/json" };
  const response = await fetch(new URL("/api/search", seer.url), { method: "POST", headers, body });
  hits = (await response.json()).hits;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const hitOf = (name) => hits.find((hit) => hit.photo.files[0].path.endsWith(name));

/** What the player says of itself. */
function player(page) {
  return page.evaluate(() => {
    const film = document.getElementById("film");
    return { hidden: film.hidden, second: film.currentTime, duration: film.duration, ready: film.readyState };
  });
}

test("a tile shows the length of a video", () =>
  onPage(browser, seer.url, async (page) => {
    const length = page.locator("#grid .length").first();
    await length.waitFor();
    assert.equal(await length.textContent(), "0:06");
  }));

test("a video plays from the second that was found", () =>
  onPage(browser, seer.url, async (page) => {
    const { photo, at_second: second } = hitOf("plays.webm");
    assert.ok(photo.video.frames.includes(second));
    const address = new URL(page.url());
    address.search = new URLSearchParams({ q: QUERY, photo: photo.id }).toString();
    await page.goto(address.href);
    await viewer(page).waitFor();
    await page.waitForFunction(() => document.getElementById("film").readyState >= 2);
    const seen = await player(page);
    assert.equal(seen.hidden, false);
    assert.ok(Math.abs(seen.duration - 6) < 0.2, `${seen.duration}`);
    assert.ok(Math.abs(seen.second - second) < 0.2, `${seen.second} and not ${second}`);
    const plays = (wanted) => page.waitForFunction((playing) => document.getElementById("film").paused !== playing, wanted);
    for (const id of ["stage", "film"]) {
      await page.locator(`#${id}`).focus();
      await page.keyboard.press("Space");
      await plays(true);
      await page.waitForTimeout(300);
      await plays(true);
      await page.keyboard.press("Space");
      await plays(false);
      assert.equal(await page.locator("#slideshow").getAttribute("aria-pressed"), "false");
    }
    await page.keyboard.press("Escape");
    await viewer(page).waitFor({ state: "hidden" });
    assert.equal((await player(page)).hidden, true);
  }));

test("of a video that the browser does not play the picture is shown", () =>
  onPage(browser, seer.url, async (page) => {
    const address = new URL(page.url());
    address.search = new URLSearchParams({ photo: hitOf("does-not.mov").photo.id }).toString();
    await page.goto(address.href);
    await viewer(page).waitFor();
    await page.getByText("This browser does not play this video").waitFor();
    assert.equal((await player(page)).hidden, true);
    await page.waitForFunction(() => document.getElementById("picture").naturalWidth > 0);
  }));
