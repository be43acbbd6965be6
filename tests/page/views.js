// The views of the page, by how one comes to them in whatever language.

import { settled } from "./steps.js";

async function ask(page, text) {
  await page.locator("#query").fill(text);
  await page.waitForFunction((wanted) => new URLSearchParams(location.search).get("q") === wanted, text);
  await settled(page);
}

async function sheet(page, button, id) {
  await page.locator(button).click();
  await page.locator(`dialog#${id}[open]`).waitFor();
  await page.waitForTimeout(400);
}

/** Each begins at the start page. */
export const VIEWS = {
  async start() {},
  async answer(page) {
    await ask(page, "kite -type:gif");
  },
  async nothing(page) {
    await ask(page, "folder:nowhere-at-all");
    await page.locator("#message h2").waitFor();
  },
  async mistake(page) {
    await page.goto(new URL("/?q=year%3Asoon", page.url()).href);
    await page.locator("#message h2").waitFor();
  },
  async suggestions(page) {
    await page.locator("#query").pressSequentially("pe");
    await page.locator("#suggest:not([hidden]) li").first().waitFor();
  },
  async viewer(page) {
    await ask(page, "kite");
    await page.locator("#grid a").first().click();
    await page.locator("#viewer[open]").waitFor();
    await page.locator("#why-open").click();
    await page.locator("#why-rows dt").first().waitFor();
  },
  async filters(page) {
    await sheet(page, "#filters-open", "filters");
    await page.locator("#filters-lists section").first().waitFor();
  },
  async map(page) {
    if (await page.locator("#map-open").isVisible()) await sheet(page, "#map-open", "map");
    else {
      await sheet(page, "#filters-open", "filters");
      await sheet(page, "#filters-map", "map");
    }
    await page.locator("#map-count").waitFor();
  },
  async albums(page) {
    await ask(page, "kite");
    await sheet(page, "#album-save-open", "albums");
  },
  async settings(page) {
    await sheet(page, "#settings-open", "settings");
    await page.locator("#folders-list .actions button").first().waitFor();
    await page.locator("#disk-list dt").first().waitFor();
  },
  async forgetting(page) {
    await VIEWS.settings(page);
    await page.locator("#folders-list .actions button").nth(1).click();
    await page.locator("#folders-list .question:not([hidden])").waitFor();
  },
  async access(page) {
    await VIEWS.settings(page);
    await page.locator("#access-title").scrollIntoViewIfNeeded();
  },
  async help(page) {
    await page.keyboard.press("?");
    await page.locator("dialog#help[open]").waitFor();
  },
  async selection(page) {
    await page.keyboard.press("Control+a");
    await page.waitForFunction(() => /\d/.test(document.getElementById("selected-count")?.textContent ?? ""));
    await page.waitForTimeout(300);
  },
  async picking(page) {
    await VIEWS.selection(page);
    await sheet(page, "#selected-album", "pick-album");
  },
  async failures(page) {
    await page.evaluate(() => document.getElementById("failures-open").click());
    await page.locator("dialog#failures[open]").waitFor();
  },
};

/**
 * @param {import("playwright-core").Page} page
 * @param {keyof typeof VIEWS} view
 */
export async function comeTo(page, view) {
  await VIEWS[view](page);
}
