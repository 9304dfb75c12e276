// The drawing of EmbeddingViewer: points by WebGL, thumbnails where there is room. What lies over them: over.js.
import { themeColour } from "./page.js";
import { crowdOn, pointOpacity, pointSize, sampled, thumbSide, toScreen } from "./places.js";
import { makeScene } from "./points.js";
import { paletteBytes, trustBytes } from "./tints.js";
import { makePanorama } from "./panorama.js";

const CROWD = 300000; // more points change layout at once instead of moving there
const MANY = 40000; // more points in view are not drawn anew in every frame
const APART = 34; // pixels between the thumbnails of some, where there is no room for all

/** [r, g, b] from 0 to 1 of a CSS colour. */
export function rgbOf(text) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim());
  if (hex) {
    const digits = hex[1].length === 3 ? [...hex[1]].map((d) => d + d) : hex[1].match(/../g);
    return digits.map((d) => parseInt(d, 16) / 255);
  }
  const numbers = text.match(/[\d.]+/g);
  return numbers && numbers.length >= 3 ? numbers.slice(0, 3).map((n) => Number(n) / 255) : [1, 1, 1];
}

/** What draws the field on `gl`, and then drawOver(moved, side); `load` first, then `request` or `draw`. */
export function makeStage(root, gl, drawOver, model, field) {
  const points = gl.canvas;
  let scene = null, panorama = null, moved = 1, pending = 0, walk = 0, frames = 0;
  const request = () => { pending = pending || requestAnimationFrame(draw); };
  const gone = () => gl.isContextLost() || !scene;

  // What the graphics card holds.
  const paper = () => rgbOf(themeColour(root, "paper"));
  const dark = () => { const [r, g, b] = paper(); return r * 0.3 + g * 0.6 + b * 0.1 < 0.5; };
  const loadPalette = () => {
    root.classList.toggle("vk-lighter", dark());
    scene.loadPalette(field.trust ? trustBytes(dark()) : paletteBytes(field.groups.length, field.hidden, dark()));
    panorama.stale();
  };
  const loadPoints = () => {
    scene.loadPoints(field.grid.sorted, field.grid.before, field.tints());
    if (field.marked) scene.loadMarked(field.markedInOrder());
  };
  const load = () => {
    scene = makeScene(gl);
    panorama = makePanorama(gl, scene);
    loadPoints();
    loadPalette();
    if (field.thumbs.values.length) scene.loadAtlas(field.thumbs.shape, field.thumbs.values);
  };

  // Points or thumbnails.
  const draw = () => {
    cancelAnimationFrame(pending); // drawn at once: the frame asked for is not needed
    pending = 0;
    if (gone()) return;
    const { width, height, grid, marked } = field;
    const now = { camera: field.camera, world: field.world, width, height, ratio: points.width / width, moved, paper: paper(), plain: Boolean(field.trust) };
    const runs = moved < 1 ? [[0, grid.order.length]] : scene.runs(now, grid);
    const visible = runs.reduce((sum, run) => sum + run[1], 0);
    const crowd = field.thumbs.values.length && model.get("pictures") && visible <= MANY ? inView(runs) : null;
    const side = crowd ? sideFor(crowd) : 0;
    const plan = (wide) => {
      const seen = scene.runs(wide, grid);
      const size = pointSize(visible);
      return { runs: seen, size, opacity: pointOpacity(visible, size, width * height) * (marked ? 0.18 : 1), marked: marked ? marked.filter(field.placed).length : 0 };
    };
    if (!side && visible > MANY && moved === 1) { if (panorama.draw(now, plan)) request(); }
    else {
      scene.clear(now);
      if (side) drawThumbs(now, crowd, side);
      else {
        const { size, opacity, marked: above } = plan(now);
        scene.drawPoints(now, runs, size, opacity);
        if (above) scene.drawMarked(now, above, Math.max(size, 3));
        if (crowd && moved === 1 && !model.get("ink")) drawThumbs(now, someOf(crowd), APART * 0.8);
      }
    }
    drawOver(moved, side);
    points.dataset.frames = ++frames;
  };
  const inView = (runs) => {
    const found = [], { codes } = field.grid;
    for (const [first, count] of runs) for (let at = first; at < first + count; at++) if (!field.hidden.has(codes[at])) found.push(at);
    return found;
  };
  const sideFor = (crowd) => {
    if (thumbSide(crowd.length, field.width * field.height) === 0) return 0;
    return thumbSide(...crowdOn(onScreen(crowd), field.width, field.height));
  };
  const someOf = (crowd) => {
    const { grid, isMarked, camera, width, height } = field;
    const some = isMarked ? crowd.filter((at) => isMarked.has(grid.order[at])) : crowd;
    return sampled(onScreen(some), toScreen(camera, 0, 0, width, height), APART).map((at) => some[at]);
  };
  const onScreen = (crowd) => {
    const screen = new Float32Array(crowd.length * 2);
    crowd.forEach((at, i) => screen.set(field.screenOfSorted(at), 2 * i));
    return screen;
  };
  const drawThumbs = (now, crowd, side) => {
    const { grid, isMarked } = field, tints = field.tints();
    const place = new Uint16Array(crowd.length * 2), before = new Uint16Array(crowd.length * 2);
    const code = new Uint8Array(crowd.length), cell = new Uint32Array(crowd.length);
    crowd.forEach((at, i) => {
      const point = grid.order[at];
      place.set([grid.sorted[2 * at], grid.sorted[2 * at + 1]], 2 * i);
      before.set([grid.before[2 * at], grid.before[2 * at + 1]], 2 * i);
      code[i] = tints[at];
      cell[i] = point + (!isMarked || isMarked.has(point) ? 0x80000000 : 0);
    });
    scene.loadThumbs(place, before, code, cell);
    scene.drawThumbs(now, crowd.length, model.get("ink") ? Math.max(12.5, side * 1.4) : Math.max(11, side * 0.95), model.get("ink"), 0.16);
  };

  /** The points have other places: they walk there, unless they are a crowd or the user likes calm. */
  const move = () => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (calm || field.codes.length > CROWD) { moved = 1; request(); return; }
    const start = performance.now();
    const advance = (now) => {
      const share = Math.min(1, Math.max(0, (now - start) / 700));
      moved = share * share * (3 - 2 * share);
      draw();
      walk = share < 1 ? requestAnimationFrame(advance) : 0;
    };
    cancelAnimationFrame(walk);
    walk = requestAnimationFrame(advance);
  };
  return {
    load, request, draw, move,
    /** The graphics memory is gone: nothing is drawn until load(). */
    lose() { scene = null; },
    resize(width) {
      const ratio = globalThis.devicePixelRatio || 1;
      [points.width, points.height] = [Math.round(width * ratio), Math.round(field.height * ratio)];
      Object.assign(points.style, { width: `${width}px`, height: `${field.height}px` });
    },
    placesChanged() { if (!gone()) { loadPoints(); panorama.stale(true); } },
    marksChanged() {
      if (field.marked && scene) scene.loadMarked(field.markedInOrder());
      panorama?.stale();
      request();
    },
    coloursChanged() { if (scene) { loadPoints(); loadPalette(); } request(); },
    close() {
      cancelAnimationFrame(pending);
      cancelAnimationFrame(walk);
      gl.getExtension("WEBGL_lose_context")?.loseContext();
    },
  };
}
