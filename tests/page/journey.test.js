// Results belong to their search: Back, Forward and reload restore them and the place of the window, whatever was
// done before. Random journeys are held against a model of the history and against the service's own answers.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyDemo, paint } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser, search, settled, viewer } from "./steps.js";

const QUERIES = ["dog", "wedding", "a red kite", "ext:png", "name:plain", "snow -people", ""];
const JOURNEYS = Number(process.env.JOURNEYS ?? 4);
const STEPS = 22;

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyDemo(join(home, "photos"));
  paint(join(home, "photos/many"), 260);
  seer = await serve(home, [join(home, "photos")]);
  await indexed(seer.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

/** What the service itself says a search finds: ids in order. */
const asked = new Map();
async function answerOf({ q, like }) {
  const key = JSON.stringify([q, like]);
  if (!asked.has(key)) {
    const body = JSON.stringify({ query: q, pictures: like ? [{ id: like }] : [], k: 1000 });
    const request = { method: "POST", headers: { "content-type": "application/json" }, body };
    const answer = await (await fetch(new URL("/api/search", seer.url), request)).json();
    asked.set(key, answer.hits.map((hit) => hit.photo.id));
  }
  return asked.get(key);
}

/** What is in view: ids with their places in the window, and where the window stands. */
const seen = (page) =>
  page.evaluate(() => {
    const tiles = [...document.querySelectorAll("#grid li.tile:not(.blank)")].map((tile) => ({
      id: tile.querySelector("a").dataset.id,
      top: Math.round(tile.getBoundingClientRect().top),
    }));
    return { y: scrollY, tiles: tiles.filter(({ top }) => top > -100 && top < innerHeight) };
  });

/** Waits until nothing is awaited and nothing in view is blank. */
async function still(page) {
  await settled(page);
  await page.waitForFunction(() => {
    const blanks = [...document.querySelectorAll("#grid .blank")].map((blank) => blank.getBoundingClientRect());
    return blanks.every(({ top, bottom }) => bottom < 0 || top > innerHeight);
  });
  await page.waitForTimeout(200);
}

/** The photos in view follow each other in the answer of this search, and no other is among them. */
async function assertOf(page, entry, said) {
  const answer = await answerOf(entry);
  const { tiles } = await seen(page);
  const places = tiles.map(({ id }) => answer.indexOf(id));
  assert.ok(!places.includes(-1), `${said}: a photo of another search is shown`);
  places.forEach((place, at) => assert.equal(place, places[0] + at, `${said}: out of order`));
  assert.equal(tiles.length > 0, answer.length > 0, said);
}

/** A number from 0 on, below `under`; the same ones for the same seed. */
function dice(seed) {
  let state = seed;
  return (under) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * under);
  };
}

/** One journey: what is done, and what the history must be. */
async function journey(page, seed, log) {
  const roll = dice(seed);
  const history = [{ q: "", like: "", photo: "", draft: false }];
  let at = 0;
  const entry = () => history[at];
  const push = (next) => {
    if (at >= 0) entry().draft = false;
    history.splice(at + 1);
    history.push(next);
    at = history.length - 1;
  };
  const remember = async () => {
    const { y, tiles } = await seen(page);
    for (const one of history) if (one.answer === entry().answer) Object.assign(one, { y, tiles, moved: false });
  };
  let answers = 0;
  entry().answer = answers;
  await still(page);
  await remember();
  for (let count = 0; count < STEPS; count += 1) {
    const open = Boolean(entry().photo);
    const moves = open ? ["close", "similar", "back", "forward", "reload"] : ["search", "search", "enter", "scroll", "scroll", "open", "home", "back", "forward", "reload"];
    const move = moves[roll(moves.length)];
    let returns = false;
    if (move === "search" || move === "enter") {
      const q = QUERIES[roll(QUERIES.length)];
      log.push(`${move} ${q}`);
      const same = q === entry().q && !entry().like;
      await page.locator("#query").fill(q);
      if (move === "enter") await page.locator("#query").press("Enter");
      else await page.waitForTimeout(400);
      if (!same) {
        const next = { q, like: entry().like, photo: "", draft: move === "search", answer: (answers += 1) };
        if (next.q !== entry().q) entry().draft ? Object.assign(entry(), next) : push(next);
      }
      if (move === "enter") entry().draft = false;
      await page.evaluate(() => document.activeElement.blur());
    } else if (move === "scroll") {
      const by = [900, 3000, 12000, -2000, 100000][roll(5)];
      log.push(`scroll ${by}`);
      await page.evaluate((distance) => scrollBy(0, distance), by);
    } else if (move === "open") {
      const { tiles } = await seen(page);
      const inside = tiles.filter(({ top }) => top > 90 && top < 600);
      if (!inside.length) continue;
      const { id } = inside[roll(inside.length)];
      log.push(`open ${id.slice(0, 6)}`);
      await page.locator(`#grid a[data-id="${id}"]`).click({ position: { x: 60, y: 60 } });
      await viewer(page).waitFor();
      push({ ...entry(), photo: id });
      entry().draft = false;
    } else if (move === "close") {
      log.push("close");
      await page.keyboard.press("Escape");
      await viewer(page).waitFor({ state: "hidden" });
      at -= 1;
      returns = true;
    } else if (move === "similar") {
      log.push("similar");
      await page.keyboard.press("s");
      push({ q: "", like: entry().photo, photo: "", draft: false, answer: (answers += 1) });
    } else if (move === "home") {
      log.push("home");
      await page.locator("#home").click();
      if (entry().q || entry().like) push({ q: "", like: "", photo: "", draft: false, answer: (answers += 1) });
      else entry().draft = false;
    } else if (move === "reload") {
      log.push("reload");
      await page.reload();
      returns = true;
    } else {
      const to = at + (move === "back" ? -1 : 1);
      if (to < 0 || to >= history.length) continue;
      log.push(move);
      // Sometimes at once while more is still loading: what comes late must not matter.
      if (roll(2)) {
        await page.evaluate(() => scrollBy(0, 2500));
        for (const one of history) if (one.answer === entry().answer) one.moved = true;
      }
      await page[move === "back" ? "goBack" : "goForward"]();
      at = to;
      entry().draft = false;
      returns = true;
    }
    await still(page);
    const where = `seed ${seed}: ${log.join(", ")}`;
    const url = new URL(page.url());
    assert.equal(url.searchParams.get("q") ?? "", entry().q, where);
    assert.equal(url.searchParams.get("like") ?? "", entry().like, where);
    assert.equal(url.searchParams.get("photo") ?? "", entry().photo, where);
    assert.equal(await viewer(page).isVisible(), Boolean(entry().photo), where);
    assert.equal(await page.locator("#query").inputValue(), entry().q, where);
    await assertOf(page, entry(), where);
    if (returns && entry().tiles && !entry().moved) {
      const now = await seen(page);
      assert.deepEqual(now.tiles, entry().tiles, where);
      assert.equal(now.y, entry().y, where);
    }
    await remember();
  }
}

for (let number = 0; number < JOURNEYS; number += 1) {
  const seed = Number(process.env.SEED ?? 1000) + number;
  test(`a random journey (seed ${seed})`, () =>
    onPage(browser, seer.url, async (page) => {
      const log = [];
      await journey(page, seed, log);
    }));
}

test("late photos of one search never stand among those of another", () =>
  onPage(browser, seer.url, async (page) => {
    await search(page, "dog");
    await page.locator("#query").press("Enter");
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route("**/api/search", async (route) => {
      if (JSON.parse(route.request().postData()).offset > 0) await held;
      await route.continue().catch(() => {});
    });
    const late = page.waitForRequest((request) => /"offset":[1-9]/.test(request.postData() ?? ""));
    await page.evaluate(() => scrollBy(0, 9000));
    await late;
    await page.locator("#query").fill("wedding");
    await page.locator("#query").press("Enter");
    await page.waitForURL(/q=wedding/);
    await settled(page);
    await page.goBack();
    await page.waitForURL(/q=dog/);
    release();
    await still(page);
    await assertOf(page, { q: "dog", like: "" }, "after Back");
    await page.evaluate(() => scrollTo(0, 0));
    await still(page);
    await assertOf(page, { q: "dog", like: "" }, "at the top");
  }));

test("searches that were only typed are one step; Enter makes one of its own", () =>
  onPage(browser, seer.url, async (page) => {
    const steps = () => page.evaluate(() => history.length);
    const first = await steps();
    for (const text of ["dog", "wedding", "a red kite"]) {
      await search(page, text);
      await page.locator("#query").blur();
    }
    assert.equal((await steps()) - first, 1);
    for (const text of ["dog", "wedding", "snow"]) {
      await search(page, text);
      await page.locator("#query").press("Enter");
    }
    assert.equal((await steps()) - first, 3);
    await page.goBack();
    await page.goBack();
    await page.waitForURL(/q=dog$/);
    await page.goBack();
    await page.waitForURL((url) => url.search === "");
  }));
