// Tokens with names: who else may ask this server, and what for. Shown to whoever may decide that.

import { act, outcome, tell, tellError } from "./action.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { list, locale } from "./locale.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./api.js").NamedToken} NamedToken */
const section = byId("access");
const heading = byId("access-title");
const said = byId("access-said");
const form = byId("add-token");
const name = byId("add-token-name");
const right = byId("add-token-right");
const folder = byId("add-token-folder");
const made = byId("add-token-made");
const address = byId("add-token-address");
const showRows = rowsIn(byId("access-list"), (/** @type {NamedToken} */ token) => token.name, build);

/** Asks for the tokens and shows them; to whoever may not decide about them, nothing. */
export async function show() {
  made.hidden = true;
  section.hidden = library.latest?.access.right !== "administer";
  if (section.hidden) return;
  offerFolders();
  try {
    showTokens((await api.tokens()).tokens);
  } catch (error) {
    tellError(said, error);
  }
}

/** @param {NamedToken[]} tokens */
function showTokens(tokens) {
  showRows(tokens);
  byId("access-none").hidden = tokens.length > 0;
}

/** Which photos a token to look may show: all, or those of one folder. */
function offerFolders() {
  const chosen = folder.value;
  const roots = library.latest?.roots ?? [];
  const options = roots.map((value) => make("option", { value, text: wording.access.of(value) }));
  folder.replaceChildren(make("option", { value: "", text: wording.access.all }), ...options);
  folder.value = roots.includes(chosen) ? chosen : "";
  folder.hidden = right.value !== "look" || roots.length === 0;
}

right.addEventListener("change", offerFolders);

/** @param {NamedToken} token */
function build(token) {
  const title = make("h4", { text: token.name, tabIndex: -1 });
  const facts = make("p", { class: "hint" });
  const place = outcome();
  const revoke = make("button", {
    type: "button",
    class: "button plain",
    text: wording.access.revoke,
    "aria-label": wording.access.revokeLong(token.name),
  });
  const sure = question(wording.access.revokeYes, (yes) =>
    act(yes, place, async () => {
      showTokens((await api.revokeToken(token.name)).tokens);
      tell(said, wording.access.revoked(token.name));
      heading.focus();
      return "";
    }),
  );
  revoke.addEventListener("click", () =>
    sure.ask(revoke, wording.access.revokeAsk(token.name), [wording.access.revokeMeans]),
  );
  const actions = make("div", { class: "actions" }, revoke);
  const element = make("li", {}, make("div", { class: "row-top" }, title), facts, actions, sure.element, place);
  return {
    element,
    /** @param {NamedToken} now */
    update(now) {
      const made = wording.access.made(new Date(now.made * 1000).toLocaleDateString(locale));
      const of = now.folders.length ? [wording.access.of(list(now.folders))] : [];
      say(facts, [wording.access.may[now.right], ...of, made].join(" · "));
    },
  };
}

form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  act(byId("add-token-go"), said, async () => {
    const { token, tokens } = await api.createToken(name.value, right.value, folder.hidden || !folder.value ? [] : [folder.value]);
    showTokens(tokens);
    name.value = "";
    made.hidden = false;
    address.value = `${location.origin}/?token=${token}`;
    address.focus();
    address.select();
    return "";
  });
});
