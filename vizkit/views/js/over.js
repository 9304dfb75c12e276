// Over the points of EmbeddingViewer: the chosen one with true and false neighbours, the path, the hand's lasso.
import { resize, themeColour } from "./page.js";
import { toTyped } from "./values.js";

export const FALSE = "#d55e00";

/** Of the points nearest in the picture, those that are not among the k nearest in truth. */
export function falseOnes(drawn, ranks, k) {
  return Array.from(drawn).filter((_, at) => ranks[at] > k);
}

/** What draws over the field, on the canvas `over`: draw(moved, side of the thumbnails). */
export function makeOver(root, over, model, field, hand) {
  let context = null;
  const ring = (point, radius, colour, line, dash = []) => {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.setLineDash(dash);
    context.beginPath();
    context.arc(...field.screenAt(point), radius, 0, 7);
    context.stroke();
    context.setLineDash([]);
  };
  const line = (places, colour, width) => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    places.forEach((at, i) => (i ? context.lineTo(...at) : context.moveTo(...at)));
    context.stroke();
  };
  const cross = (point, reach, colour) => {
    const [x, y] = field.screenAt(point);
    for (const slant of [1, -1]) line([[x - reach, y - slant * reach], [x + reach, y + slant * reach]], colour, 2);
  };
  const letter = (point, text, radius, colour, paper) => {
    const [x, y] = field.screenAt(point);
    Object.assign(context, { font: "bold 14px system-ui, sans-serif", textAlign: "center", lineWidth: 4, strokeStyle: paper, fillStyle: colour });
    context.strokeText(text, x, y - radius - 5);
    context.fillText(text, x, y - radius - 5);
  };
  const neighbours = (chosen, radius, ink, accent) => {
    const near = toTyped(model.get("near")).values, drawn = toTyped(model.get("drawn")).values;
    context.globalAlpha = 0.75;
    for (const other of near) {
      line([field.screenAt(chosen), field.screenAt(other)], ink, 1.2);
      ring(other, radius * 0.8, ink, 1.5);
    }
    context.globalAlpha = 1;
    for (const other of falseOnes(drawn, toTyped(model.get("ranks")).values, near.length)) {
      ring(other, radius * 0.8, FALSE, 1.5, [3, 3]);
      cross(other, radius * 0.45, FALSE);
    }
    ring(chosen, radius, accent, 3);
  };
  const path = (radius, accent, paper) => {
    const route = Array.from(toTyped(model.get("route")).values);
    if (route.length < 2) return;
    line(route.map(field.screenAt), paper, 5);
    line(route.map(field.screenAt), accent, 2.5);
    for (const point of route) ring(point, radius * 0.7, accent, 2);
    letter(route[0], "A", radius, accent, paper);
    letter(route[route.length - 1], "B", radius, accent, paper);
  };
  return (moved, side) => {
    context = resize(over, field.width, field.height);
    const ink = themeColour(root, "ink"), accent = themeColour(root, "accent"), paper = themeColour(root, "paper");
    const radius = Math.max(7, side * 0.62), chosen = model.get("chosen");
    if (moved === 1) {
      path(radius, accent, paper);
      if (field.holds(chosen)) neighbours(chosen, radius, ink, accent);
      if (hand.from >= 0) letter(hand.from, "A", radius, accent, paper);
      if (hand.hovered >= 0) ring(hand.hovered, radius, ink, 2);
    }
    if (!hand.path) return;
    context.beginPath();
    hand.path.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    Object.assign(context, { fillStyle: accent, strokeStyle: accent, lineWidth: 1.5, globalAlpha: 0.15 });
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  };
}
