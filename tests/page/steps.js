// The words the tests are written in: open the page, search, look, press keys.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const screenshots = process.env.SCREENSHOTS ?? join(tmpdir(), "seer-screenshots");

/** One browser for a test file. */
export function openBrowser() {
  // A container's root user has no sandbox to offer.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

/**
 * Runs a test on a fresh page, then fails it for every console error, policy violation or
 * request that left this machine.
 * @param {(page: import("playwright-core").Page) => Promise<void>} steps
 */
export async function onPage(browser, url, steps, options = {}) {
  const { path = "/", expected = [], ...context_options } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, serviceWorkers: "block", ...context_options });
  if (process.env.SEER_WEB) await pageFrom(context, url, process.env.SEER_WEB);
  const page = await context.newPage();
  const troubles = [];
  watch(page, new URL(url).origin, troubles);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  try {
    await page.goto(new URL(path, url).href);
    await steps(page);
    const unexpected = troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)));
    assert.deepEqual(unexpected, []);
  } finally {
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

/** The page's files from a folder, under the program's own policy: a change of one is tried without a build. */
async function pageFrom(context, url, folder) {
  const { headers } = await fetch(new URL("/", url));
  const policy = { "content-security-policy": headers.get("content-security-policy") ?? "" };
  const file = (name) => ({ path: join(folder, name), headers: name.endsWith(".html") ? policy : {} });
  const typed = (name) => ({ ...file(name), contentType: TYPES[name.split(".").pop()] });
  await context.route((address) => address.pathname === "/", async (route) => {
    // The server takes the token and sends on to the page, which a route would not see.
    if (new URL(route.request().url()).searchParams.has("token")) await route.fetch({ maxRedirects: 0 });
    await route.fulfill(typed("index.html"));
  });
  await context.route("**/assets/**", (route) => route.fulfill(typed(new URL(route.request().url()).pathname.slice("/assets/".length))));
}

const TYPES = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml" };

function watch(page, origin, troubles) {
  page.on("console", (message) => {
    const blocked = message.text() === "Service Worker registration blocked by Playwright";
    if (["error", "warning"].includes(message.type()) && !blocked) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`error: ${error.stack}`));
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && asked !== origin) troubles.push(`foreign: ${request.url()}`);
  });
}

/** Types a query and waits for its answer. */
export async function search(page, text) {
  const answered = page.waitForResponse((response) => {
    const request = response.request();
    return response.url().endsWith("/api/search") && JSON.parse(request.postData() ?? "{}").query === text;
  });
  await page.getByRole("combobox", { name: "Search your photos" }).fill(text);
  await answered;
  await settled(page);
}

/** Waits until the results shown are those of the last search. */
export async function settled(page) {
  await page.waitForFunction(() => document.getElementById("grid")?.getAttribute("aria-busy") === "false");
}

/** Names of the photos that are in the document, in order, once the last search is answered: those near the window. */
export async function names(page) {
  await settled(page);
  return page.locator("#grid a").evaluateAll((links) => links.map((link) => link.title));
}

/** Names of all photos of the answer, in order, by scrolling through it. The window is left at the end. */
export async function allNames(page) {
  await settled(page);
  const found = new Set();
  await page.evaluate(() => scrollTo(0, 0));
  for (;;) {
    await page.waitForFunction(() => !document.querySelector("#grid .blank"));
    for (const name of await names(page)) found.add(name);
    const moved = await page.evaluate(() => {
      const before = scrollY;
      scrollBy(0, innerHeight);
      return scrollY > before;
    });
    if (!moved) return [...found];
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

/** What a screen reader was told about the results. */
export function announced(page) {
  return page.locator("#count").textContent();
}

/** Where the focus is: the title of a tile, or the id of another element. */
export function focus(page) {
  return page.evaluate(() => {
    const element = /** @type {HTMLElement} */ (document.activeElement);
    return element.closest("#grid") ? element.title : element.id;
  });
}

export function viewer(page) {
  return page.getByRole("dialog").and(page.locator("#viewer"));
}

/** A file as the browser sees it when it is dropped or pasted. */
export function transfer(page, name, type, bytes) {
  return page.evaluateHandle(
    ([fileName, fileType, data]) => {
      const content = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const moved = new DataTransfer();
      moved.items.add(new File([content], fileName, { type: fileType }));
      return moved;
    },
    [name, type, Buffer.from(bytes).toString("base64")],
  );
}

/** Whether the page is wider than the window. */
export async function assertNoSidewaysScroll(page) {
  const [content, view] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= view, `the page is ${content} pixels wide in a window of ${view}`);
}

/** Keeps a screenshot for people to look at. */
export async function photograph(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.waitForFunction(() =>
    [...document.images].filter((image) => image.loading !== "lazy").every((image) => image.complete),
  );
  await page.waitForTimeout(400);
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
