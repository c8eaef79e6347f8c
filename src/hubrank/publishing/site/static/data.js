// Data files: each is a script that calls hubrank(name, content), so that they load from a web host and from disk alike.
import { otherNames } from "./finding.js";
import { unpack } from "./ground.js";

/** @type {Map<string, any>} */
const contents = new Map();
/** @type {Map<string, ((content: any) => void)[]>} */
const waiting = new Map();
const own = /** @type {HTMLScriptElement | null} */ (typeof document === "undefined" ? null : document.currentScript);
const folder = own?.src ? new URL("data/", own.src).href : "";

/** Store a file; rings are unpacked once. @param {string} name @param {any} content */
export function store(name, content) {
  contents.set(name, prepared(name, content));
  for (const use of waiting.get(name) ?? []) use(contents.get(name));
  waiting.delete(name);
}

/** @param {string} name @param {any} content */
function prepared(name, content) {
  if (name === "index") return { coast: new Set(content.coast), places: new Set(content.places) };
  if (name === "outlines") return shapesOf(content);
  if (name === "names") return otherNames(content);
  return content?.rings ? unpack(content) : content;
}

/** Areas and outlines by cluster. @param {{step: number, areas: Record<string, number[][]>, outlines: Record<string, number[][]>}} content */
export function shapesOf({ step, areas, outlines }) {
  const all = (/** @type {Record<string, number[][]>} */ of) => Object.fromEntries(Object.entries(of).map(([id, rings]) => [id, unpack({ step, rings })]));
  return { areas: all(areas), outlines: all(outlines) };
}

/** Use a file once it is there; asks for it. @param {string} name @param {(content: any) => void} use */
export function need(name, use) {
  if (contents.has(name)) return use(contents.get(name));
  const inside = document.getElementById(`data-${name}`);
  if (inside) {
    store(name, JSON.parse(inside.textContent ?? "null"));
    return use(contents.get(name));
  }
  if (waiting.has(name)) return void waiting.get(name)?.push(use);
  waiting.set(name, [use]);
  if (!folder) return; // one file alone has all that it will ever have
  const script = document.createElement("script");
  script.src = `${folder}${name}.js`;
  document.head.append(script);
}

/** A file if it is there, else nothing; asks for it. @param {string} name @param {() => void} arrived */
export function present(name, arrived) {
  if (!contents.has(name) && !waiting.has(name)) need(name, arrived);
  return contents.get(name);
}
