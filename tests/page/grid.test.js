// Where tiles stand, how large an answer is, how it lies in time: without a browser. And in one: nothing shifts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Answer, PAGE } from "../../web/answer.js";
import { Layout, rows } from "../../web/layout.js";
import { Timeline } from "../../web/timeline.js";
import { startDouble } from "./double.js";
import { copyDemo } from "./photos.js";
import { indexed, remove, serve, temporaryFolder } from "./program.js";
import { onPage, openBrowser } from "./steps.js";

const MEASURES = { row: 190, gap: 6, day: 30 };
const RATIOS = [1.5, 0.67, 1.33, 1.78, 1, 0.6, 2.6];

const items = (count, day = () => "") => Array.from({ length: count }, (_, at) => ({ ratio: RATIOS[(at * 5) % RATIOS.length], day: day(at) }));

test("rows are full and of one height, tiles neither overlap nor reach out", () => {
  for (const [width, row] of [[336, 102], [720, 190], [1216, 190], [2500, 190]]) {
    for (const count of [1, 2, 7, 59, 60]) {
      const { boxes, height } = rows(items(count), width, { ...MEASURES, row });
      assert.equal(boxes.length, count);
      const ends = boxes.filter((box, at) => boxes[at + 1] && boxes[at + 1].top !== box.top);
      const full = ends.filter((box) => box.left + box.width > width - 0.01);
      assert.ok(full.length >= 0.85 * ends.length, `${full.length} of ${ends.length} rows are full at ${width}`);
      boxes.forEach((box, at) => {
        assert.ok(box.left + box.width <= width + 0.01, `${width} ${count} ${at}`);
        assert.ok(box.top + box.height <= height);
        const before = boxes[at - 1];
        if (before?.top === box.top) assert.ok(Math.abs(before.left + before.width + MEASURES.gap - box.left) < 0.01);
      });
    }
  }
});

test("a row in which a day begins leaves room for its name", () => {
  const plain = rows(items(60), 1200, MEASURES).height;
  const { boxes, height } = rows(items(60, (at) => (at === 0 || at === 30 ? "Monday" : "")), 1200, MEASURES);
  assert.ok(Math.abs(height - plain - 2 * MEASURES.day) < 0.01);
  assert.equal(boxes[0].top, MEASURES.day);
});

test("pages that were never seen have places, and those that were keep theirs", () => {
  const layout = new Layout(1200, MEASURES);
  layout.setTotal(1000);
  const guess = layout.height;
  assert.equal(layout.pages, Math.ceil(1000 / PAGE));
  layout.place(3, items(60));
  layout.stack();
  assert.ok(Math.abs(layout.height - guess) < 0.5 * guess);
  for (let page = 0; page < layout.pages; page += 1) assert.equal(layout.pageAt(layout.tops[page] + 1), page);
  assert.equal(layout.pageAt(-5), 0);
  assert.equal(layout.pageAt(1e9), layout.pages - 1);
  const { height } = layout.placed.get(3);
  layout.placed.delete(3);
  layout.stack();
  assert.equal(layout.tops[4] - layout.tops[3], height);
});

/** An answer of so many results, of `matching` photos. */
function answerOf(results, matching, bands = {}) {
  const state = { q: "x", like: [], picture: [], sort: "", photo: "" };
  return new Answer(state, async (offset, k) => {
    const count = Math.max(0, Math.min(k, results - offset));
    const hit = (at) => ({ photo: { id: String(at) }, score: 0, band: bands.fit === undefined ? undefined : at < bands.fit ? "strong" : "weak" });
    const hits = Array.from({ length: count }, (_, at) => hit(offset + at));
    return { hits, more: offset + count < results, matching, fitting: bands.fitting, plan: { method: "x" } };
  });
}

test("an answer is as long as its filters allow until its end is seen", async () => {
  const answer = answerOf(150, 170);
  await answer.load(0);
  assert.deepEqual([answer.total, answer.sure], [170, false]);
  await answer.load(2);
  assert.deepEqual([answer.total, answer.sure], [150, true]);
  assert.equal(await answer.beside({ page: 2, pos: 29 }, 1), null);
  assert.deepEqual(await answer.beside({ page: 0, pos: 59 }, 1), { page: 1, pos: 0 });
  assert.deepEqual(await answer.beside({ page: 1, pos: 0 }, -1), { page: 0, pos: 59 });
  const late = answerOf(100, 400);
  await late.load(5);
  assert.equal(late.total, 300);
  await late.load(0);
  assert.equal(late.total, 300, "what was learnt is not forgotten");
});

test("weaker photos are no part of what is shown until they are asked for", async () => {
  const answer = answerOf(100, 100, { fit: 70, fitting: 80 });
  await answer.load(0);
  assert.deepEqual([answer.total, answer.sure], [80, false]);
  await answer.load(1);
  assert.deepEqual([answer.total, answer.sure, answer.weak], [70, true, 30]);
  assert.equal(answer.items(1).length, 10);
  answer.weaker = true;
  answer.reshow();
  assert.deepEqual([answer.total, answer.items(1).length], [100, 40]);
});

test("months begin behind the photos in front of them, in both orders", () => {
  const periods = [{ name: "2024-02", photos: 3 }, { name: "2024-01", photos: 2 }, { name: "2023-12", photos: 5 }];
  const newest = new Timeline(periods, 4, false);
  assert.deepEqual(newest.months.map(({ before }) => before), [0, 3, 5]);
  assert.deepEqual(newest.years(), [{ name: "2024", photos: 5, before: 0 }, { name: "2023", photos: 5, before: 5 }]);
  assert.equal(newest.total, 14);
  assert.equal(newest.at(0.3), 1);
  const oldest = new Timeline(periods, 4, true);
  assert.deepEqual(oldest.months.map(({ name, before }) => [name, before]), [["2023-12", 0], ["2024-01", 5], ["2024-02", 7]]);
  const item = (taken) => ({ photo: { taken } });
  assert.equal(newest.isBefore(item("2024-02-03T01:02:03"), "2024-01"), true);
  assert.equal(newest.isBefore(item("2024"), "2024-01"), false);
});

test("photos without a date stand where the time of their files is, and months between them", () => {
  const periods = [{ name: "2024-02", photos: 3 }, { name: "2024-01", photos: 2 }, { name: "2023-12", photos: 5 }];
  const dated = (taken) => ({ photo: { taken, files: [] } });
  const undated = (day) => ({ photo: { files: [{ modified_ns: Date.parse("2030-01-01") * 1e6 }, { modified_ns: Date.parse(day) * 1e6 }] } });
  // 20 of 2026 without a date, 5 in February and January, 10 of 2024-01 without one, 5 in December.
  const answer = [...Array(20).fill(undated("2026-05-01")), ...Array(3).fill(dated("2024-02-03")), ...Array(10).fill(undated("2024-01-31")), ...Array(2).fill(dated("2024-01-05")), ...Array(5).fill(dated("2023-12-24"))];
  const samplesOf = (all) => [0, 10, 18, 22, 26, 30, 34, 39].map((offset) => ({ offset, hit: all[offset] }));
  const newest = new Timeline(periods, 30, false, { samples: samplesOf(answer), total: 40 });
  assert.equal(newest.total, 40);
  const [february, january, december] = newest.months.map(({ before }) => before);
  assert.ok(february > 18 && february <= 22 && january > 22 && january <= 26 && december > 34 && december <= 39, `${february} ${january} ${december}`);
  assert.deepEqual([newest.of(answer[0]), newest.of(answer[21]), newest.of(answer[25]), newest.of(answer[39])], [-1, 0, 1, 2]);
  assert.deepEqual([newest.isUndated(0.2), newest.isUndated(0.6)], [true, false]);
  const turned = answer.toReversed();
  const oldest = new Timeline(periods, 30, true, { samples: samplesOf(turned), total: 40 });
  const begins = oldest.months.map(({ before }) => before);
  assert.ok(begins[0] === 0 && begins[1] > 0 && begins[1] <= 10 && begins[2] > 10 && begins[2] <= 18, begins.join());
});

/** Counts what shifts from the first paint on. */
const watch = (page) =>
  page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });

test("nothing shifts while the page loads, photos come and the window moves", async () => {
  const double = await startDouble(7000);
  const home = temporaryFolder();
  copyDemo(join(home, "photos"));
  const seer = await serve(home, [join(home, "photos")]);
  const browser = await openBrowser();
  try {
    await onPage(browser, seer.url, async (page) => {
      await watch(page);
      await page.reload();
      await indexed(seer.url);
      await page.locator("#grid img.there").nth(10).waitFor();
      await page.waitForTimeout(600);
      assert.ok((await page.evaluate(() => window.shift)) < 0.02, `${await page.evaluate(() => window.shift)} while indexing`);
    });
    await onPage(browser, double.url, async (page) => {
      await watch(page);
      await page.reload();
      await page.locator("#grid img.there").nth(10).waitFor();
      await page.evaluate(() => scrollTo(0, 20000));
      await page.waitForTimeout(800);
      await page.evaluate(() => scrollBy(0, -2500));
      await page.waitForTimeout(800);
      assert.ok((await page.evaluate(() => window.shift)) < 0.02, `${await page.evaluate(() => window.shift)} while scrolling`);
    });
  } finally {
    await browser.close();
    await seer.stop();
    double.stop();
    remove(home);
  }
});
