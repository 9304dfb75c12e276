// LensViewer: a table of layers and tokens, the likeliest next token in each cell.
import { frame, listen, write } from "./frame.js";
import { keys } from "./keys.js";
import { element, soon } from "./page.js";
import { spoken } from "./spoken.js";
import { number, toTyped } from "./values.js";

/** The cell [layer, position] that a key leads to; the last layer is on top. */
export function moved([layer, place], key, layers, places) {
  const ways = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -place], End: [0, places - 1 - place] };
  const [up, right] = ways[key] ?? [0, 0];
  const next = [layer + up, place + right];
  return next[0] >= 0 && next[0] < layers && next[1] >= 0 && next[1] < places ? next : [layer, place];
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-lens");
  const names = model.get("names"), tokens = model.get("tokens"), words = model.get("words");
  const shares = toTyped(model.get("shares")), ranks = toTyped(model.get("ranks")).values;
  const [layers, places, most] = shares.shape;
  const at = (layer, place) => (layer * places + place) * most;
  const plain = (word) => word.replaceAll("\n", "↵").replace(/^ /, "") || "␣";
  let hovered = null;

  const cells = names.map((_, layer) => tokens.map((_, place) => {
    const share = shares.values[at(layer, place)];
    const node = element("td", { textContent: plain(words[at(layer, place)]), onclick: () => write(model, "chosen", [layer, place]) });
    node.style.background = `rgba(0, 114, 178, ${share.toFixed(3)})`;
    if (share > 0.9) node.style.color = "#fff";
    node.classList.toggle("vk-right", ranks[layer * places + place] === 1);
    node.addEventListener("pointerenter", () => { hovered = [layer, place]; later(); });
    return node;
  }));
  const head = element("tr", {}, element("th", {}), ...tokens.map((word) => element("th", { textContent: plain(word), title: spoken(word), scope: "col" })));
  const rows = names.map((name, layer) => element("tr", {}, element("th", { textContent: name, scope: "row" }), ...cells[layer])).reverse();
  const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  const box = element("div", { className: "vk-lensbox", tabIndex: 0, role: "application", "aria-label": "predictions: rows are layers, the last on top; columns are the tokens of the text; arrow keys move" }, table);
  table.addEventListener("pointerleave", () => { hovered = null; later(); });

  const title = element("div", { className: "vk-heading" }), list = element("div", { className: "vk-ranks" });
  const side = element("div", { className: "vk-side vk-likeliest" }, title, list);
  const draw = () => {
    const chosen = model.get("chosen"), asked = hovered ?? (chosen.length ? chosen : null);
    const [layer, place] = asked ?? [layers - 1, places - 1]; // what comes next, until a cell is asked for
    const start = at(layer, place), rank = ranks[layer * places + place];
    for (const row of cells) for (const node of row) node.classList.remove("vk-held");
    if (chosen.length) cells[chosen[0]][chosen[1]].classList.add("vk-held");
    title.textContent = `after ${spoken(tokens[place])}, ${names[layer]}`;
    list.replaceChildren(...Array.from({ length: most }, (_, k) => start + k).flatMap((k) => [
      element("span", { className: "vk-word", textContent: spoken(words[k]) }),
      element("span", { className: "vk-track" }, element("i", { style: { width: `${100 * shares.values[k]}%` } })),
      element("span", { className: "vk-sum", textContent: number(shares.values[k]) })]));
    const follows = rank ? `; the token that follows, ${spoken(tokens[place + 1] ?? "?")}, is number ${rank}` : "";
    view.status.textContent = !asked ? model.get("problem") || "Point at a cell. Framed: the token that does follow." : `after ${spoken(tokens[place])}, ${names[layer]}: ${spoken(words[start])} ${number(shares.values[start])}${follows}`;
  };
  const later = soon(draw);
  const follow = () => {
    const chosen = model.get("chosen");
    hovered = null;
    if (chosen.length) cells[chosen[0]][chosen[1]].scrollIntoView?.({ block: "nearest", inline: "nearest" });
    later();
  };
  const stopKeys = keys(box, (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !/^(Arrow|Home|End|Escape)/.test(event.key)) return false;
    const chosen = model.get("chosen");
    if (event.key === "Escape") write(model, "chosen", []);
    else write(model, "chosen", chosen.length ? moved(chosen, event.key, layers, places) : [layers - 1, places - 1]);
    return true;
  });
  view.body.append(box, side);
  view.undo.push(stopKeys, later.cancel, listen(model, "chosen", follow), listen(model, "problem", later));
  draw();
  return view.cleanup;
}

export default { render };
