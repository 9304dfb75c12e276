// How one attention weight came about: q, k and v as strips of numbers, and the sums in words.
import { bitmap, canvas, element, resize } from "./page.js";
import { colour, largest, toTyped } from "./values.js";

const WIDE = 330, HIGH = 14;

/** Two vectors multiplied number by number. */
export function timesEach(one, other) {
  return Float32Array.from(one, (value, i) => value * other[i]);
}

/** The rows that are drawn of (4, feature): q, k, their products, v, weight × v, output; those of a pair share a scale. */
export function rowsOfCell(values, width, weight) {
  const part = (k) => values.subarray(k * width, (k + 1) * width);
  const [q, k, v, output] = [0, 1, 2, 3].map(part);
  const mixed = Float32Array.from(v, (value) => value * weight);
  const own = (row) => [row, largest(row)], shared = Math.max(largest(mixed), largest(output));
  return { q: own(q), k: own(k), "q × k": own(timesEach(q, k)), v: own(v), "weight × v": [mixed, shared], output: [output, shared] };
}

/** One row of numbers as a strip of colours, zero white. */
function strip([row, limit], words) {
  const sheet = canvas(10, 10, words);
  sheet.tabIndex = -1;
  const pixels = new Uint8ClampedArray(row.length * 4).fill(255);
  row.forEach((value, i) => pixels.set(colour(value, limit), 4 * i));
  resize(sheet, WIDE, HIGH).drawImage(bitmap(pixels, row.length, 1), 0, 0, WIDE, HIGH);
  return sheet;
}

/** The panel; show() gives it the chosen cell, or hides it. */
export function makeCell(asking, tokens) {
  const heading = element("div", { className: "vk-heading" });
  const rows = element("div", { className: "vk-cellrows" }), lines = element("div", { className: "vk-lines" });
  const node = element("div", { className: "vk-cell", style: { display: "none" } }, heading, element("div", { className: "vk-cellbody" }, rows, lines));
  return {
    node,
    show(account, vectors, weight) {
      const there = account.lines?.length > 0 && vectors;
      node.style.display = there ? "" : "none";
      if (!there) return;
      heading.textContent = `How “${asking[account.token]}” (${account.token}) weighs “${tokens[account.key]}” (${account.key})`.replaceAll("\n", "↵");
      const { shape, values } = toTyped(vectors);
      const names = { q: `q of the query`, k: `k of the key`, v: "v of the key", output: "output, all keys" };
      rows.replaceChildren(...Object.entries(rowsOfCell(values, shape[1], weight)).flatMap(([name, row]) => [
        element("span", { textContent: names[name] ?? name }), strip(row, names[name] ?? name)]));
      lines.replaceChildren(...account.lines.map((line) => element("div", { textContent: line })));
    },
  };
}
