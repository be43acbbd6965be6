// Prints what the page costs: load, layout shift, frames while scrolling, opening a photo, memory of the tab.
//
//   node measure.mjs            a stand-in for the service with 7,000 and with 1,000,000 photos
//   node measure.mjs URL …      running servers

import { readFileSync } from "node:fs";
import { startDouble } from "./double.js";
import { openBrowser } from "./steps.js";

const SIZES = [7_000, 1_000_000];
const browser = await openBrowser();
const given = process.argv.slice(2);
for (const url of given) await measure(url, url);
for (const photos of given.length ? [] : SIZES) {
  const double = await startDouble(photos);
  await measure(`${photos.toLocaleString("en")} photos, made up`, double.url);
  double.stop();
}
await browser.close();

async function measure(name, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  await page.addInitScript(watchShifts);
  await page.goto(url);
  await page.waitForFunction(() => document.querySelectorAll("#grid img.there").length > 8);
  const loaded = await page.evaluate(() => performance.now());
  await page.waitForTimeout(1500);
  const shift = await page.evaluate(() => window.shift);
  const slow = await withCost(page, () => page.evaluate(scroll, 25));
  const fast = await withCost(page, () => page.evaluate(scroll, 400));
  await page.waitForTimeout(1500);
  const opened = await page.evaluate(openPhoto);
  const memory = await memoryOf(page);
  console.log(name);
  console.log(`  photos on the screen after ${Math.round(loaded)} ms; layout shift ${shift.toFixed(4)}`);
  console.log(`  scrolling slowly: ${frames(slow)}; fast: ${frames(fast)}`);
  console.log(`  a photo opens in ${Math.round(opened)} ms`);
  console.log(`  memory: ${memory}`);
  await context.close();
}

function watchShifts() {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}

/** Scrolls so many pixels a frame for three seconds; gives the milliseconds of each frame and of the script in it. */
async function scroll(by) {
  const times = [];
  let before = performance.now();
  const end = before + 3000;
  while (before < end) {
    scrollBy(0, by);
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
}

/** What was scrolled, and the processor's time of the page's main thread for each frame. */
async function withCost(page, work) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value;
  };
  const before = await spent();
  const times = await work();
  const cost = (1000 * ((await spent()) - before)) / times.length;
  await client.detach();
  return { times, cost };
}

function frames({ times, cost }) {
  const sorted = [...times].sort((a, b) => a - b);
  const late = times.filter((time) => time > 25).length;
  const perSecond = (1000 * times.length) / times.reduce((all, time) => all + time, 0);
  return `${perSecond.toFixed(1)} frames a second, 95 of 100 within ${sorted[Math.floor(0.95 * sorted.length)].toFixed(1)} ms, ${late} of ${times.length} late, ${cost.toFixed(1)} ms of the main thread each`;
}

async function openPhoto() {
  const start = performance.now();
  const tiles = [...document.querySelectorAll("#grid .tile:not(.blank)")];
  tiles.find((tile) => tile.getBoundingClientRect().top > 100).querySelector("a").click();
  const picture = document.getElementById("picture");
  while (!(document.getElementById("viewer").open && picture.complete && picture.naturalWidth > 0)) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  return performance.now() - start;
}

/** Of the page's own process, where the system tells: without what it shares with others. */
async function memoryOf(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client.send("Performance.enable").then(() => client.send("Performance.getMetrics"));
  const heap = metrics.find((metric) => metric.name === "JSHeapUsedSize").value;
  const nodes = metrics.find((metric) => metric.name === "Nodes").value;
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  const sizes = processInfo.filter((one) => one.type === "renderer").map((one) => privateOf(one.id));
  const whole = Math.max(...sizes);
  return `${megabytes(heap)} of script, ${nodes} nodes${whole > 0 ? `, ${megabytes(whole)} of the tab's process` : ""}`;
}

function privateOf(process) {
  try {
    const text = readFileSync(`/proc/${process}/smaps_rollup`, "utf8");
    return 1024 * Number(/^Pss:\s+(\d+)/m.exec(text)[1]);
  } catch {
    return 0;
  }
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
