// The indexed folders: what was found there, whether they are there, and letting go of one.

import { folderForm } from "./add-folder.js";
import { act, outcome, tell, tellError } from "./action.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import { counted } from "./format.js";
import { leavesOut } from "./leaves-out.js";
import * as library from "./library.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./api.js").Root} Root */

const heading = byId("folders-title");
const said = byId("folders-said");
const all = byId("folders-again");
const showRows = rowsIn(byId("folders-list"), (/** @type {Root} */ root) => root.folder, build);
let forgotten = () => {};

/** @param {() => void} changed is called when photos have left the library */
export function connect(changed) {
  forgotten = changed;
}

/** Asks for the folders and shows them. */
export async function show() {
  try {
    const { roots } = await api.roots();
    showRows(roots);
    byId("folders-none").hidden = roots.length > 0;
    all.hidden = roots.length < 2;
  } catch (error) {
    tellError(said, error);
  }
}

/** @param {Root} first */
function build(first) {
  let root = first;
  const { folder } = first;
  const title = make("h4", { text: folder, tabIndex: -1 });
  const badge = make("span", { class: "badge alarming" });
  const facts = make("p", { class: "hint" });
  const watch = make("input", { type: "checkbox", "aria-label": `Watch ${folder}` });
  const how = make("p", { class: "hint" });
  const place = outcome();
  const left = leavesOut(folder);
  const again = button("Index again", `Index again: ${folder}`);
  const forget = button("Forget…", `Forget ${folder}`);

  watch.addEventListener("change", () => act(watch, place, () => keepWatch(folder, watch)));
  again.addEventListener("click", () => act(again, place, () => begin({ folders: [folder] })));
  const sure = question("Forget the folder", (yes) => act(yes, place, () => letGo(folder)));
  // The numbers may be old: a run may have found more since.
  forget.addEventListener("click", async () => {
    await show();
    sure.ask(forget, `Forget ${folder}?`, [
      `What the library knows of ${counted(root.files, "file")} there goes: records and words.`,
      "The vectors of every model and the thumbnails of these photos go with it, except of photos that also lie elsewhere.",
      "Your files are never touched.",
    ]);
  });

  const top = make("div", { class: "row-top" }, title, badge);
  const actions = make("div", { class: "actions" }, again, forget);
  const chosen = make("label", { class: "switch" }, watch, make("span", { text: " Watch" }));
  const element = make("li", {}, top, facts, chosen, how, left.element, actions, sure.element, place);
  return {
    element,
    /** @param {Root} now */
    update(now) {
      root = now;
      const failed = now.failures ? ` · ${counted(now.failures, "file")} not readable` : "";
      say(facts, `${counted(now.files, "file")}${failed}`);
      left.update(now.excludes ?? []);
      say(badge, now.there ? "" : "not there now");
      // Not while the answer to a click is being waited for.
      if (!watch.disabled) watch.checked = now.watch;
      say(how, (now.watch && whyNotAtOnce(folder)) || "New and changed photos of a watched folder appear by themselves.");
    },
  };
}

/**
 * @param {string} folder
 * @param {HTMLInputElement} box
 */
async function keepWatch(folder, box) {
  const wanted = box.checked;
  try {
    const { roots } = await api.watchFolder(folder, wanted);
    box.disabled = false;
    showRows(roots);
  } catch (error) {
    box.checked = !wanted;
    throw error;
  }
  return "";
}

/**
 * Why changes in a folder do not appear at once; "" where they do.
 * @param {string} folder
 */
function whyNotAtOnce(folder) {
  const watching = library.latest?.watching.find((one) => one.folder === folder);
  return watching?.how === "polled" ? `It is looked at every minute: ${watching.why}` : "";
}

/** @param {{ folders?: string[] }} wanted */
async function begin(wanted) {
  await api.startRun(wanted);
  await library.look();
  return "";
}

/** @param {string} folder */
async function letGo(folder) {
  const gone = await api.forgetFolder(folder);
  await Promise.all([library.look(), show()]);
  forgotten();
  tell(said, told(folder, gone));
  heading.focus();
  return "";
}

/**
 * @param {string} folder
 * @param {import("./api.js").Forgotten} gone
 */
function told(folder, { files, photos, was_root, inside, kept }) {
  if (!files && !was_root) return `The library knows nothing of ${folder}.`;
  const left = `${folder} is forgotten: ${counted(files, "file")}, ${counted(photos, "photo")}.`;
  const stays = kept.length ? ` Indexed folders further down stay: ${kept.join(", ")}.` : "";
  const back = inside ? ` It lies in ${inside}, whose next run finds again what is there.` : "";
  return left + stays + back;
}

/**
 * @param {string} text
 * @param {string} label
 */
function button(text, label) {
  return make("button", { type: "button", class: "button plain", text, "aria-label": label });
}

said.after(folderForm());
all.addEventListener("click", () => act(all, said, () => begin({})));
