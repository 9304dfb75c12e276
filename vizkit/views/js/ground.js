// The drawing of AtlasViewer: pictures from one sheet for each grid, what is chosen and what it is near to.
import { resize, soon, themeColour } from "./page.js";
import { toTyped } from "./values.js";
import { fitCamera, toScreen, toWorld, zoomAt } from "./places.js";
import { cellNear, cellUnder, classesOf, gridFor, gridHolding, gridsOf, middleOf, named, onSheet, shareOfCell, touching } from "./tiles.js";

const WHOLE = [1, 1];
const LEAST = 38; // pixels of a cell at which a finer grid is worth showing
const WORDS = 84; // pixels of a cell at which there is room for its class's name
const CLOSEST = 40;

/** The atlas as Python sent it, the camera over it, and which cell is meant. Sizes in CSS pixels. */
export function makeGround(model, height) {
  const read = (name) => toTyped(model.get(name)).values;
  const numbers = read("number"), counts = read("count"), codes = read("codes"), shares = read("shares");
  const near = read("near"), alike = read("alike"), names = model.get("names");
  const top = codes.length / numbers.length, k = near.length / numbers.length;
  const grids = gridsOf(model.get("sides"), model.get("first"), numbers);
  const ground = { width: 0, height, grids, numbers, counts, hovered: -1, marked: null };
  ground.fullest = grids.map(({ first, count }) => counts.subarray(first, first + count).reduce((a, b) => Math.max(a, b), 0));
  ground.fit = (width = ground.width) => { ground.width = width; ground.camera = fitCamera(WHOLE, width, height, 10); ground.least = ground.camera.scale; };
  ground.zoom = (factor, x = ground.width / 2, y = height / 2) => {
    ground.camera = zoomAt(ground.camera, factor, x, y, ground.width, height, ground.least * 0.7, ground.least * CLOSEST);
  };
  ground.pan = (dx, dy) => { const { x, y, scale } = ground.camera; ground.camera = { scale, x: x - dx / scale, y: y + dy / scale }; };
  ground.level = () => (model.get("detail") >= 0 ? model.get("detail") : gridFor(grids, ground.camera.scale, LEAST));
  ground.grid = () => grids[ground.level()];
  ground.placeOf = (cell) => middleOf(grids[gridHolding(grids, cell)].side, numbers[cell]);
  ground.screenOf = (cell) => toScreen(ground.camera, ...ground.placeOf(cell), ground.width, height);
  ground.under = (x, y) => cellUnder(ground.grid(), ...toWorld(ground.camera, x, y, ground.width, height));
  ground.central = () => cellNear(ground.grid(), numbers, ground.camera.x, ground.camera.y);
  /** Moves the camera just so far that a cell can be seen. */
  ground.reveal = (cell) => {
    const [x, y] = ground.screenOf(cell), rim = 40;
    ground.pan(Math.max(0, rim - x) - Math.max(0, x - ground.width + rim), Math.max(0, rim - y) - Math.max(0, y - height + rim));
  };
  ground.classes = (cell) => classesOf(cell, codes, shares, top, names);
  ground.nearTo = (cell) => Array.from(near.subarray(cell * k, cell * k + k), (other, i) => [other, alike[cell * k + i]]).filter(([other]) => other >= 0);
  ground.touching = (cell) => touching(grids[gridHolding(grids, cell)], numbers[cell]);
  ground.mark = (text) => { ground.marked = named(text, codes, top, names); };
  return ground;
}

/** The sheets as pictures of the browser, one a grid; `ready` is called as each arrives. */
export function readSheets(model, ready) {
  const bytes = toTyped(model.get("sheets")).values, pictures = [];
  let closed = false;
  model.get("sheet_ends").forEach((end, level, ends) => {
    const part = bytes.slice(level ? ends[level - 1] : 0, end);
    if (!part.length) return;
    createImageBitmap(new Blob([part], { type: "image/webp" })).then((picture) => {
      if (closed) picture.close();
      else { pictures[level] = picture; ready(); }
    });
  });
  return { of: (level) => pictures[level], close() { closed = true; for (const picture of pictures) picture?.close(); } };
}

/** What draws the ground on a canvas; `request` draws in the next frame. */
export function makePainter(root, node, model, ground) {
  const size = model.get("icon_size");
  let frames = 0;
  const request = soon(() => draw());
  const sheets = readSheets(model, () => { sheets.onready?.(); request(); });

  /** One cell's picture on any context, `side` pixels wide. */
  const picture = (context, cell, left, top, side) => {
    const level = gridHolding(ground.grids, cell), { first, count } = ground.grids[level], sheet = sheets.of(level);
    if (!sheet) return;
    const [column, row] = onSheet(cell - first, count);
    context.drawImage(sheet, column * size + 0.5, row * size + 0.5, size - 1, size - 1, left, top, side, side); // half a pixel in: no neighbour shines through
  };
  const ring = (context, cell, colour, line, dash = []) => {
    const side = ground.camera.scale / ground.grids[gridHolding(ground.grids, cell)].side, [x, y] = ground.screenOf(cell);
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.setLineDash(dash);
    context.strokeRect(x - side / 2 + line / 2, y - side / 2 + line / 2, side - line, side - line);
    context.setLineDash([]);
  };
  const word = (context, text, x, y, side, paper, ink) => {
    context.font = "11px system-ui, sans-serif";
    const most = side - 10;
    let said = text;
    while (said.length > 3 && context.measureText(said).width > most) said = `${said.slice(0, -2)}…`;
    const wide = context.measureText(said).width + 6;
    context.globalAlpha = 0.8;
    context.fillStyle = paper;
    context.fillRect(x - wide / 2, y - 14, wide, 15);
    context.globalAlpha = 1;
    context.fillStyle = ink;
    context.textAlign = "center";
    context.fillText(said, x, y - 3);
  };
  const truth = (context, chosen, colours) => {
    const near = ground.nearTo(chosen).map(([other]) => other);
    const [x, y] = ground.screenOf(chosen);
    context.strokeStyle = colours.accent;
    context.lineWidth = 1.5;
    for (const other of near) {
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(...ground.screenOf(other));
      context.stroke();
    }
    for (const other of near) ring(context, other, colours.accent, 2);
    const cross = Math.min(8, ground.camera.scale / ground.grid().side / 5);
    for (const other of ground.touching(chosen)) {
      if (near.includes(other)) continue;
      const [ox, oy] = ground.screenOf(other);
      for (const [style, line] of [[colours.paper, 5], [colours.false, 2.5]]) {
        context.strokeStyle = style;
        context.lineWidth = line;
        context.beginPath();
        context.moveTo(ox - cross, oy - cross); context.lineTo(ox + cross, oy + cross);
        context.moveTo(ox + cross, oy - cross); context.lineTo(ox - cross, oy + cross);
        context.stroke();
      }
    }
  };
  const draw = () => {
    const { width, height, camera, marked } = ground;
    if (!width) return;
    const context = resize(node, width, height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    const colours = { paper: themeColour(root, "paper"), ink: themeColour(root, "ink"), accent: themeColour(root, "accent"), false: themeColour(root, "false") };
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    const level = ground.level(), { side, first, count } = ground.grids[level], cellSide = camera.scale / side;
    let drawn = 0;
    for (let cell = first; cell < first + count; cell++) {
      const [x, y] = ground.screenOf(cell);
      if (x < -cellSide || y < -cellSide || x > width + cellSide || y > height + cellSide) continue;
      const edge = (cellSide - 1) * shareOfCell(ground.counts[cell], ground.fullest[level]);
      context.globalAlpha = !marked || marked.has(cell) ? 1 : 0.12;
      picture(context, cell, x - edge / 2, y - edge / 2, edge);
      context.globalAlpha = 1;
      const told = cellSide >= WORDS && ground.classes(cell)[0];
      if (told) word(context, told[0], x, y + cellSide / 2 - 3, cellSide, colours.paper, colours.ink);
      drawn++;
    }
    const chosen = model.get("chosen");
    if (chosen >= 0) {
      if (gridHolding(ground.grids, chosen) === level) truth(context, chosen, colours);
      ring(context, chosen, colours.accent, 4);
    }
    if (ground.hovered >= 0) ring(context, ground.hovered, colours.ink, 2, [4, 3]);
    node.dataset.level = level;
    node.dataset.cells = drawn;
    node.dataset.ready = sheets.of(level) ? "yes" : "no";
    node.dataset.frames = ++frames;
  };
  return { request, draw, picture, sheets, close() { request.cancel(); sheets.close(); } };
}
