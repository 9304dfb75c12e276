// The path of EmbeddingViewer as a row of pictures: A, what the line passes nearest to, B.
import { element } from "./page.js";
import { number } from "./values.js";

/** A route with points that stand several times in a row said once: [[point, steps, distance], …]. */
export function stopsOf(route, aside) {
  const stops = [];
  route.forEach((point, at) => {
    const last = stops[stops.length - 1];
    if (last && last[0] === point) { last[1]++; last[2] = Math.min(last[2], aside[at]); }
    else stops.push([point, 1, aside[at]]);
  });
  return stops;
}

/** The row; `show` fills it, `name(point)` says which point that is. */
export function makeStrip(gallery, name, choose, forget) {
  const row = element("div", { className: "vk-stops", role: "group", "aria-label": "the path: what the straight line from A to B passes nearest to" });
  const node = element("div", { className: "vk-strip", style: { display: "none" } });
  return {
    node,
    show(route, aside) {
      node.style.display = route.length ? "" : "none";
      if (!route.length) { node.replaceChildren(); return; }
      const stops = stopsOf(Array.from(route), aside);
      row.replaceChildren(...stops.map(([point, steps, distance], at) => {
        const end = at === 0 ? "A" : at === stops.length - 1 ? "B" : "";
        const about = end || `${number(distance)} off the line${steps > 1 ? `, ${steps} steps` : ""}`;
        return element("button", { type: "button", className: "vk-stop", "aria-label": `${name(point)}, ${about}`, onclick: () => choose(point) },
          ...[gallery.node(point, 52) ?? []].flat(), element("span", { className: "vk-name", textContent: name(point) }),
          element("span", { className: "vk-count", textContent: about }));
      }));
      node.replaceChildren(element("div", { className: "vk-note", textContent: "The straight line from A to B among the vectors themselves, and the points it passes nearest to, "
        + "A and B left out. In the picture the way may jump." }), row,
      element("button", { type: "button", textContent: "forget the path", onclick: forget }));
    },
  };
}
