// Which model is in use, how good it is, and how to get a better one.

import { byId, make, say } from "./dom.js";
import { wording } from "./language.js";
import { count } from "./locale.js";

/** @typedef {import("./api.js").Described} Described */
/** @typedef {NonNullable<import("./api.js").Status["model"]>} Model */

const opener = byId("better-open");
const sheet = byId("better");

/**
 * Names the model in the footer; the way to a better one is there only while there is one.
 * @param {Model | null} model
 */
export function show(model) {
  say(byId("model"), model ? wording.foot.model(model.name, model.device) : wording.foot.noModel);
  byId("model").title = model ? describe(model) : "";
  const better = model?.better ?? null;
  opener.hidden = !better;
  if (!better || !model) return sheet.close();
  byId("better-now").textContent = wording.better.inUse(model.name, describe(model));
  byId("better-name").textContent = better.name;
  byId("better-about").textContent = describe(better);
  // Rebuilt only for another model: a button being pressed must stay where it is.
  const commands = byId("better-commands");
  if (commands.dataset.name === better.name) return;
  commands.dataset.name = better.name;
  commands.replaceChildren(command(`seer models pull ${better.name}`), command(`seer serve --model ${better.name}`));
}

/** What each known model is. @type {Record<string, string | undefined>} */
const NOTES = wording.models.notes;

/**
 * How good a model is: in the page's language where the page knows it, else in the server's words.
 * @param {{ name: string, about?: string | null, imagenet?: number | null }} model
 */
export function describe({ name, about, imagenet }) {
  const note = NOTES[name];
  if (!note) return about ?? "";
  return imagenet ? `${note} ${wording.models.imagenet(count(Math.round(imagenet * 100)))}` : note;
}

/** @param {string} text */
function command(text) {
  const code = make("code", { text });
  const button = make("button", { type: "button", class: "button plain", text: wording.common.copy, "aria-label": wording.better.copyCommand(text) });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = wording.common.copied;
    } catch {
      // No clipboard on this address: select it, so that one key copies it.
      getSelection()?.selectAllChildren(code);
    }
  });
  return make("li", {}, code, button);
}

opener.addEventListener("click", () => sheet.showModal());
