// Starts what the page has: one script serves all pages.
import { startComparison } from "./comparing.js";
import { store } from "./data.js";
import { startExplorer } from "./explorer.js";
import { startPortrait } from "./portrait.js";
import { startTables } from "./table.js";
import { byId } from "./words.js";

/** What data files call, and what the server's page builds on. @type {any} */
const hubrank = store;
/** @type {any} */ (window).hubrank = hubrank;
startTables();
const data = byId("data") ? JSON.parse(byId("data").textContent) : null;
if (data && byId("map") && byId("ranking")) hubrank.explorer = startExplorer(data);
if (data && byId("local")) hubrank.portrait = startPortrait(data);
if (data && byId("together")) startComparison(data);
