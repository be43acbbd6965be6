// Tokens with names: made, used and revoked on the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { copyFixtures } from "./photos.js";
import { remove, serve, temporaryFolder } from "./program.js";
import { assertNoSidewaysScroll, onPage, openBrowser, settled } from "./steps.js";

const TOKEN = "token-of-the-page-tests";
const ADMINISTER = { path: `/?token=${TOKEN}` };

let home, seer, browser;

before(async () => {
  home = temporaryFolder();
  copyFixtures(join(home, "photos"));
  [seer, browser] = await Promise.all([serve(home, [join(home, "photos")], { token: TOKEN }), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await seer?.stop();
  remove(home);
});

async function library(page) {
  await page.getByRole("button", { name: "Library: models and folders" }).click();
  const sheet = page.getByRole("dialog", { name: "Library" });
  await sheet.waitFor();
  return sheet;
}

test("a token is made, opens the page with its right, and is revoked", async () => {
  let address;
  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByText("Nobody else has one yet.").waitFor();
    await sheet.getByLabel("Add a token").fill("Grandma");
    await sheet.getByRole("button", { name: "Add token" }).click();
    const made = sheet.getByLabel(/^Its address/);
    await made.waitFor();
    address = await made.inputValue();
    assert.match(address, /\/\?token=[0-9a-f]{32}$/);
    await sheet.getByRole("heading", { name: "Grandma" }).waitFor();
    await sheet.getByText(/may search and look at photos/).waitFor();
    await assertNoSidewaysScroll(page);
  }, ADMINISTER);

  const path = address.slice(address.indexOf("/?"));
  await onPage(browser, seer.url, async (page) => {
    await settled(page);
    assert.ok(!page.url().includes("token"), page.url());
    const sheet = await library(page);
    await sheet.getByRole("heading", { name: "Folders" }).waitFor();
    assert.ok(await sheet.getByRole("heading", { name: "Access" }).isHidden());
    await sheet.getByRole("button", { name: /^Index again: .*photos$/ }).click();
    await sheet.getByText(/“?Grandma.*right "look"/).waitFor();
  }, { path, expected: [/status of 403/] });

  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByRole("button", { name: "Revoke Grandma" }).click();
    await sheet.getByRole("button", { name: "Revoke the token" }).click();
    await sheet.getByText("“Grandma” may not ask any more.").waitFor();
    await sheet.getByText("Nobody else has one yet.").waitFor();
  }, ADMINISTER);
  const status = await fetch(new URL("/api/tokens", seer.url), {
    headers: { authorization: `Bearer ${address.split("=")[1]}` },
  });
  assert.equal(status.status, 401);
});

test("without a token nothing is said of tokens", async () => {
  await onPage(browser, seer.url, async (page) => {
    const sheet = await library(page);
    await sheet.getByRole("heading", { name: "Folders" }).waitFor();
    assert.ok(await sheet.getByRole("heading", { name: "Access" }).isHidden());
  });
});
