// The map: clusters with counts, moved by keys and by hand, a box as a filter.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paintDescribed } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { allNames, onPage, openBrowser, photograph, search, settled } from "./steps.js";

let home, seer, browser, told;

before(async () => {
  home = temporaryFolder();
  told = paintDescribed(join(home, "photos"));
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

const map = (page) => page.getByRole("dialog", { name: "Map" });
const clusters = (page) => map(page).getByRole("list").getByRole("button");
const queryNow = (page) => page.evaluate(() => new URLSearchParams(location.search).get("q") ?? "");
const placed = told_ => told_.filter((one) => one.at);

async function openMap(page) {
  await settled(page);
  await page.getByRole("button", { name: "Map", exact: true }).click();
  await clusters(page).first().waitFor();
}

/** Waits until the map shows so many photos. */
async function shows(page, photos) {
  try {
    await page.waitForFunction((wanted) => document.querySelector("#map-count").textContent === wanted, `${photos} photos here`, { timeout: 9000 });
  } catch {
    assert.equal(await page.locator("#map-count").textContent(), `${photos} photos here`);
  }
}

test("photos are clusters with counts; a click takes one apart, and shows those of one place", () =>
  onPage(browser, seer.url, async (page) => {
    await openMap(page);
    await shows(page, 20);
    const labels = await clusters(page).evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label")));
    assert.ok(labels[0].startsWith("8 photos around Lisbon, Portugal"), labels.join("; "));
    const counts = labels.map((label) => Number.parseInt(label, 10));
    assert.equal(counts.reduce((sum, one) => sum + one), 20);
    await photograph(page, "map");
    await clusters(page).first().click();
    await shows(page, 8);
    for (;;) {
      await page.waitForTimeout(300);
      const first = clusters(page).first();
      if (!(await map(page).isVisible())) break;
      await first.click();
    }
    assert.match(await queryNow(page), /^box:38\.[0-9.]+,-9\.[0-9.]+,38\.[0-9.]+,-9\.[0-9.]+$/);
    const lisbon = told.filter((one) => one.at?.[1] === -9.13 || one.at?.[1] === -9.14);
    const found = await allNames(page);
    assert.equal(found.length, 4, "the photos of one of the two places");
    assert.ok(found.every((name) => lisbon.some((one) => one.name === name)));
    assert.equal(await page.locator("#chips .chip").count(), 1);
  }));

test("what is on the map becomes a filter, also across the date line; the map keeps to the other filters", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "person:zoë box:0,0,1,1");
    await openMap(page);
    const zoe = placed(told).filter((one) => one.people[0] === "Zoë");
    await shows(page, zoe.length);
    await page.keyboard.press("Escape");
    await search(page, "-place:lisbon -place:munich");
    await openMap(page);
    await shows(page, 8);
    await map(page).getByRole("button", { name: "Show these photos" }).click();
    await page.waitForFunction(() => location.search.includes("box"));
    const [, box] = /box:(\S+)$/.exec(await queryNow(page));
    const [south, west, north, east] = box.split(",").map(Number);
    assert.ok(south < -17.8 && north > -17.6 && west > 0 && east < 0, box);
    const wanted = told.filter((one) => one.at && one.at[0] < 0).map((one) => one.name);
    assert.deepEqual((await allNames(page)).sort(), wanted.sort());
  }));

test("keys, wheel, drag and buttons move the map", () =>
  onPage(browser, seer.url, async (page) => {
    await openMap(page);
    await shows(page, 20);
    assert.ok(await page.locator("#map-stage").evaluate((stage) => stage === document.activeElement), "ready for keys");
    const asked = () => page.waitForResponse((response) => response.url().includes("/api/places"));
    const boxOf = (response) => new URL(response.url()).searchParams.get("box").split(",").map(Number);
    const height = ([south, , north]) => north - south;
    const zoomIn = async (act) => {
      const answer = asked();
      await act();
      return boxOf(await answer);
    };
    const near = await zoomIn(() => page.keyboard.press("+"));
    const nearer = await zoomIn(() => map(page).getByRole("button", { name: "Zoom in" }).click());
    assert.ok(height(nearer) < height(near));
    await page.locator("#map-stage").focus();
    const east = await zoomIn(() => page.keyboard.press("ArrowRight"));
    assert.ok(Math.abs(height(east) - height(nearer)) < 0.01 && east[1] !== nearer[1]);
    const stage = await page.locator("#map-stage").boundingBox();
    const [x, y] = [stage.x + stage.width / 2 + 30, stage.y + stage.height - 120];
    await page.mouse.move(x, y);
    const wheeled = await zoomIn(() => page.mouse.wheel(0, -300));
    assert.ok(height(wheeled) < height(east));
    const dragged = await zoomIn(async () => {
      await page.mouse.down();
      await page.mouse.move(x - 200, y - 50, { steps: 4 });
      await page.mouse.up();
    });
    assert.ok(Math.abs(height(dragged) - height(wheeled)) < 3 && dragged[1] !== wheeled[1]);
    await page.locator("#map-stage").focus();
    await page.keyboard.press("0");
    await shows(page, 20);
    await page.keyboard.press("Escape");
    assert.ok(await map(page).isHidden());
  }));

test("the map draws land, says where it is from, and fits on every screen", async () => {
  for (const width of [390, 820, 1440]) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await onPage(browser, seer.url, async (page) => {
        await settled(page);
        await page.locator("body").press("m");
        await clusters(page).first().waitFor();
        await shows(page, 20);
        await photograph(page, `map-${width}-${colorScheme}`);
        const land = await page.locator("#map-land").evaluate((canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let drawn = 0;
          for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
          return drawn / (canvas.width * canvas.height);
        });
        assert.ok(land > 0.1 && land < 0.9, `${land} of the map is land`);
        await map(page).getByText("Natural Earth").waitFor();
        await map(page).getByText("GeoNames, CC BY 4.0").waitFor();
        for (const button of await clusters(page).all()) {
          const box = await button.boundingBox();
          assert.ok(box && box.width >= 24, "large enough to touch");
        }
      }, { viewport: { width, height: 860 }, colorScheme });
    }
  }
});

test("outlines are of the whole earth", async () => {
  const { points } = await import("../../web/map-land.js");
  const { BORDERS, LAND } = await import("../../web/outlines.js");
  const rings = LAND.split(",").map(points);
  assert.ok(rings.length > 300 && BORDERS.split(",").length > 200);
  // A point in a ring: how often a line to the west of it meets the ring.
  const isLand = (longitude, latitude) =>
    rings.some((ring) => [0, 360, -360].some((turn) => {
      let inside = false;
      ring.forEach(([x, y], i) => {
        const [px, py] = ring[(i + ring.length - 1) % ring.length];
        const at = longitude + turn;
        if (y > latitude !== py > latitude && at < ((px - x) * (latitude - y)) / (py - y) + x) inside = !inside;
      });
      return inside;
    }));
  for (const [longitude, latitude, land] of [
    [11.6, 48.1, true], [-100, 40, true], [134, -25, true], [0, -85, true], [170, 66, true], [-175, 66, true], [37, 0, true], [-42, 72, true],
    [-30, 30, false], [-150, 0, false], [80, -30, false], [0, 80, false], [175, 40, false],
  ]) {
    assert.equal(isLand(longitude, latitude), land, `${longitude}, ${latitude}`);
  }
});

test("a view of the map shows what it says", async () => {
  const { around, View } = await import("../../web/map-view.js");
  assert.deepEqual(around([[38, -10, 39, -9], [48, 11, 49, 12]]), [38, -10, 49, 12]);
  assert.deepEqual(around([[-18, 178, -17, 179], [-17, -179.9, -16, -179], [38, -10, 39, -9]]), [-18, 178, 39, -9], "the widest gap is left out");
  assert.deepEqual(around([[1, 2, 3, 4]]), [1, 2, 3, 4]);
  const view = new View();
  view.resize(800, 600);
  view.fit([38, -10, 39, -9]);
  const [south, west, north, east] = view.box;
  assert.ok(south < 38 && north > 39 && west < -10 && east > -9);
  const before = view.pixel(38.5, -9.5);
  view.zoomBy(1, before.left, before.top);
  const after = view.pixel(38.5, -9.5);
  assert.ok(Math.abs(after.left - before.left) < 1 && Math.abs(after.top - before.top) < 1, "what is under the pointer stays");
  view.fit([-18, 178, -17, -179]);
  const [, left, , right] = view.box;
  assert.ok(left > 0 && right < 0, "across the date line");
  for (let i = 0; i < 40; i += 1) view.zoomBy(-1);
  assert.deepEqual([view.box[1], view.box[3]], [-180, 180]);
});
