// The page begins with its language; then everything else comes.

import { load } from "./language.js";

await load();
await import("./main.js");
