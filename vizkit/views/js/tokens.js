// TokenViewer: a text in pieces, to type in, point at and walk through with the keys.
import { frame, listen, write } from "./frame.js";
import { keyed, keys } from "./keys.js";
import { chooser, element, labelled } from "./page.js";
import { CATEGORIES, toTyped } from "./values.js";
import { MOST_PIECES, countWords, hexadecimal, overlapping, pieceWords, readable, toGroups } from "./cuts.js";

const REST = 1200;  // milliseconds without a key, then the stored picture follows
const SIGNS = /^[·⏎⇥␍]$/;

/** A piece's text, what only stands for something else in it made faint. */
function marked(text) {
  return [...readable(text)].map((sign) => (SIGNS.test(sign) ? element("i", { textContent: sign }) : sign));
}

function pieceNode({ index, number, bytes }, content, below) {
  const under = below === "bytes" ? hexadecimal(bytes) : String(number);
  return element("span", { className: "vk-piece", "data-index": String(index) },
    element("span", { className: "vk-box", ...{} }, ...content), element("span", { className: "vk-under", textContent: under }));
}

/** One group: its piece, or the characters that several pieces share above their bytes. */
function groupNode(group, below) {
  const together = group.pieces.length > 1;
  const nodes = group.pieces.map((piece) => pieceNode(piece, together ? [hexadecimal(piece.bytes)] : marked(group.text), below));
  nodes.forEach((node, k) => node.firstChild.style.setProperty("--vk-tint", CATEGORIES[group.pieces[k].index % 6]));
  if (!together) return element("span", { className: "vk-group" }, ...nodes);
  return element("span", { className: "vk-group vk-together" }, element("span", { className: "vk-shared" }, ...marked(group.text)),
    element("span", { className: "vk-row" }, ...nodes));
}

/** One encoding's panel: heading, pieces; it answers pointer and keys by choose(panel, index). */
function makePanel(which, name, choose) {
  const counted = element("span");
  const list = element("div", { className: "vk-pieces", tabIndex: 0,
    "aria-label": `pieces by ${name}: left and right arrows go from piece to piece, up and down from line to line` });
  const root = element("div", {}, element("div", { className: "vk-heading", textContent: name }, counted), list);
  const panel = { root, list, groups: [], nodes: [] };
  panel.draw = (table, raw, below) => {
    panel.groups = toGroups(table, raw);
    const shown = panel.groups.filter(({ pieces }) => pieces.at(-1).index < MOST_PIECES);
    const children = shown.flatMap((group) => [groupNode(group, below),
      ...(group.text.endsWith("\n") ? [element("span", { className: "vk-break" })] : [])]);
    const rest = table.length / 3 - shown.reduce((sum, { pieces }) => sum + pieces.length, 0);
    if (rest) children.push(element("span", { className: "vk-note", textContent: ` and ${rest} more` }));
    list.replaceChildren(...children);
    list.classList.toggle("vk-bare", below === "nothing");
    panel.nodes = [...list.querySelectorAll(".vk-piece")];
    counted.textContent = countWords(panel.groups, panel.groups.map(({ text }) => text).join(""));
  };
  const at = (event) => Number(event.target.closest?.(".vk-piece")?.dataset.index ?? -1);
  list.addEventListener("click", (event) => choose(which, at(event)));
  list.addEventListener("mousemove", (event) => panel.hover?.(at(event)));
  list.addEventListener("mouseleave", () => panel.hover?.(-1));
  return panel;
}

/** The piece above (-1) or below (+1) another on the page: the nearest of the next line. */
function otherLine(nodes, from, way) {
  const middle = (box) => box.left + box.width / 2, home = nodes[from].getBoundingClientRect();
  const away = nodes.map((node, k) => [node.getBoundingClientRect(), k])
    .filter(([box]) => (way > 0 ? box.top >= home.bottom - 2 : box.bottom <= home.top + 2));
  if (!away.length) return from;
  const line = (way > 0 ? Math.min : Math.max)(...away.map(([box]) => box.bottom));
  const near = away.filter(([box]) => Math.abs(box.bottom - line) < 12);
  return near.reduce((best, one) => (Math.abs(middle(one[0]) - middle(home)) < Math.abs(middle(best[0]) - middle(home)) ? one : best))[1];
}

/** Where a key leads from a piece, or null: it is none of ours. */
function stepFrom(nodes, index, key) {
  const last = nodes.length - 1;
  if (key === "Escape") return -1;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowRight") return Math.min(last, index + 1);
  if (key === "ArrowLeft") return Math.max(0, index - 1);
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  return index < 0 ? 0 : otherLine(nodes, index, key === "ArrowDown" ? 1 : -1);
}

function paper(model, undo) {
  let rest = 0;
  const area = element("textarea", { value: model.get("text"), rows: 2, spellcheck: false, "aria-label": "the text: type, and it is cut anew",
    oninput: () => {
      write(model, "text", area.value);
      clearTimeout(rest);
      rest = setTimeout(() => model.send({ kind: "rest" }), REST);
    } });
  area.readOnly = model.get("fixed");
  undo.push(keys(area, (event) => !(event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) && "native"),
    listen(model, "text", () => { if (area.value !== model.get("text") && document.activeElement !== area) area.value = model.get("text"); }),
    () => clearTimeout(rest));
  return area;
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-tokens");
  const names = model.get("names"), arrays = [["pieces", "raw"], ["other_pieces", "other_raw"]];
  const choose = (panel, index) => {
    model.set("panel", panel);
    write(model, "selected", index);
    mark();
  };
  const panels = names.map((name, k) => makePanel(k, name, choose));
  let hovered = null;
  const mark = () => {
    const [which, index] = hovered ?? [model.get("panel"), model.get("selected")];
    const here = panels[which], piece = here?.groups.flatMap(({ pieces }) => pieces)[index];
    panels.forEach((panel, k) => {
      const near = piece && k !== which ? overlapping(panel.groups, piece.start, piece.end) : [];
      panel.nodes.forEach((node, at) => {
        node.classList.toggle("vk-now", k === which && at === index);
        node.classList.toggle("vk-near", near.includes(at));
      });
    });
    const problem = model.get("problem");
    view.status.textContent = problem || (piece ? `${names.length > 1 ? `${names[which]}, ` : ""}${pieceWords(here.groups, index)}`
      : "point at a piece, or walk through them with the arrow keys");
    if (!hovered && piece) here.nodes[index]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const draw = () => {
    panels.forEach((panel, k) => panel.draw(...arrays[k].map((name) => toTyped(model.get(name)).values), model.get("below")));
    hovered = null;
    mark();
  };
  panels.forEach((panel, k) => {
    panel.hover = (index) => {
      if (index === (hovered?.[1] ?? -1) && (index < 0 || hovered[0] === k)) return;
      hovered = index < 0 ? null : [k, index];
      mark();
    };
    view.undo.push(keyed(panel.list, (event) => {
      if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || !panel.nodes.length) return false;
      const to = stepFrom(panel.nodes, model.get("panel") === k ? model.get("selected") : -1, event.key);
      if (to === null) return false;
      hovered = null;
      choose(k, to);
      return true;
    }));
  });
  const below = chooser([["number", "its number"], ["bytes", "its bytes"], ["nothing", "nothing"]], model.get("below"),
    (value) => write(model, "below", value), "below each piece");
  view.bar.append(labelled("below each piece", below));
  view.body.append(paper(model, view.undo), element("div", { className: "vk-panels" }, ...panels.map((panel) => panel.root)));
  view.undo.push(
    listen(model, "pieces raw other_pieces other_raw below", draw),
    listen(model, "below", () => { below.value = model.get("below"); }),
    listen(model, "selected panel problem", mark),
  );
  draw();
  return view.cleanup;
}
export default { render };
