// Beside the points: the legend, and the chosen point with its neighbours. No drawing of points.
import { element } from "./page.js";
import { CATEGORIES, number, ramp } from "./values.js";
import { falseOnes } from "./over.js";
import { SHAPES } from "./places.js";
import { TRUST } from "./tints.js";

const SHAPE_NAMES = ["circle", "square", "triangle", "diamond"];

/** What a click on a group's entry hides: isolate it, or all again; with `add` only this one turns. */
export function legendClick(hidden, code, count, add) {
  const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== code);
  if (add) return hidden.includes(code) ? hidden.filter((i) => i !== code) : [...hidden, code].sort((a, b) => a - b);
  const alone = !hidden.includes(code) && hidden.length === count - 1;
  return alone ? [] : others;
}

export function swatch(code) {
  const shape = SHAPE_NAMES[Math.floor(code / CATEGORIES.length) % SHAPES];
  const node = element("span", { className: `vk-swatch vk-${shape}` });
  node.style.setProperty("--vk-swatch", CATEGORIES[code % CATEGORIES.length]);
  return node;
}

/** The legend of the groups; `tell` brings it up to date with what is hidden. */
export function makeLegend(groups, sizes, onchange) {
  const entries = groups.map((name, code) => element("button", {
    className: "vk-entry", type: "button", title: "click: this label alone; Shift-click: hide or show it",
    onclick: (event) => onchange(code, event.shiftKey),
  }, swatch(code), element("span", { className: "vk-name", textContent: name || "(empty)" }),
  element("span", { className: "vk-count", textContent: sizes[code].toLocaleString("en") })));
  const node = element("div", { className: "vk-legend", role: "group", "aria-label": "labels: Enter shows one alone, Shift+Enter hides or shows it" }, ...entries);
  return {
    node,
    tell: (hidden) => entries.forEach((entry, code) => {
      entry.setAttribute("aria-pressed", String(!hidden.includes(code)));
      entry.classList.toggle("vk-off", hidden.includes(code));
    }),
  };
}

/** What the colours of trust mean, as a scale. */
export function makeTrustScale() {
  const steps = Array.from({ length: 11 }, (_, level) => {
    const step = element("span", { className: "vk-swatch" });
    step.style.setProperty("--vk-swatch", `rgb(${ramp(TRUST, level / 10).join()})`);
    return step;
  });
  const mean = element("div", { className: "vk-note" });
  return {
    node: element("div", { className: "vk-trust", style: { display: "none" } },
      element("div", { textContent: "Of the 10 nearest in this picture, how many are among the 10 nearest in truth" }),
      element("div", { className: "vk-steps" }, "0", ...steps, "10"), mean),
    tell(trust) {
      const known = Array.from(trust).filter((share) => !Number.isNaN(share));
      mean.textContent = known.length ? `on average ${number((10 * known.reduce((a, b) => a + b, 0)) / known.length)} of 10` : "";
    },
  };
}

/** "1st", "2nd", "812th". */
export function ordinal(count) {
  const two = count % 100;
  const end = two > 10 && two < 14 ? "th" : ["th", "st", "nd", "rd"][count % 10] ?? "th";
  return `${count.toLocaleString("en")}${end}`;
}

/** The chosen point and its neighbours: `show` fills it, `name(point)` says which point that is. */
export function makeCard(name, choose, gallery, codeOf) {
  const node = element("div", { className: "vk-card", "aria-live": "polite" });
  const row = (other, kind, words, shown) => element("button", { className: `vk-neighbour ${kind}`, type: "button", "aria-label": words, onclick: () => choose(other) },
    gallery.node(other, 30) ?? swatch(codeOf(other)), element("span", { className: "vk-name", textContent: name(other) }),
    element("span", { className: "vk-count", textContent: shown }));
  return {
    node,
    hide: () => { node.replaceChildren(); node.style.display = "none"; },
    show: (point, near, distances, drawn, ranks) => {
      const k = near.length, wrong = falseOnes(drawn, ranks, k);
      const about = element("div", {}, element("div", { className: "vk-heading", textContent: name(point) }),
        element("div", { className: "vk-note", textContent: k && drawn.length
          ? `${drawn.length - wrong.length} of its ${k} nearest neighbours are also the nearest in this picture` : "" }));
      const rows = Array.from(near, (other, i) => row(other, "", `neighbour ${i + 1}: ${name(other)}, distance ${number(distances[i])}`, number(distances[i])));
      const others = Array.from(drawn).flatMap((other, i) => (ranks[i] > k
        ? [row(other, "vk-false", `false neighbour: ${name(other)}, in truth the ${ordinal(ranks[i])}`, ordinal(ranks[i]))] : []));
      if (others.length) rows.push(element("div", { className: "vk-note vk-false", textContent: "✕ near in this picture only; in truth its …" }), ...others);
      node.replaceChildren(element("div", { className: "vk-chosen" }, ...[gallery.node(point, 64) ?? []].flat(), about),
        element("div", { className: "vk-neighbours", role: "group", "aria-label": "nearest neighbours in the original space, with distances; then the false ones" }, ...rows));
      node.style.display = "";
    },
  };
}
