// What is found out about photos beside their meaning: the words in them, and captions.

import { act } from "./action.js";
import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";

const text = byId("reading-text");
const captions = byId("reading-captions");
const said = byId("reading-said");

/** @param {import("./api.js").Status} now */
export function show(now) {
  text.checked = now.text;
  say(captions, now.captions ? wording.reading.describedBy(now.captions) : "");
}

text.addEventListener("change", () =>
  act(text, said, async () => {
    await api.startRun({ text: text.checked });
    await library.look();
    return text.checked ? "" : wording.reading.noMore;
  }),
);
