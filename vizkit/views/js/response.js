// One unit's response in LiveViewer: against the angle of the pattern, or frame after frame.
import { resize, themeColour } from "./page.js";
import { number } from "./values.js";

const KEPT = 100; // frames

/** The responses of all units in the last frames; `series(k)` is unit k's, the oldest first. */
export function makeHistory(kept = KEPT) {
  let frames = [];
  return {
    add(responses) {
      if (frames.length && frames[0].length !== responses.length) frames = [];
      frames.push(Float32Array.from(responses));
      if (frames.length > kept) frames.shift();
    },
    clear() { frames = []; },
    series: (k) => frames.map((frame) => frame[k]),
  };
}

/** The value of a curve over rising, evenly spaced angles at any angle; it repeats after the last. */
export function atAngle(angles, values, angle) {
  const end = angles[angles.length - 1], step = angles[1] - angles[0];
  const place = ((((angle % end) + end) % end) / step), left = Math.floor(place);
  return values[left] + (place - left) * (values[Math.min(left + 1, values.length - 1)] - values[left]);
}

/** What turning by 90° does, in words. */
export function turnedWords(angle, now, turned) {
  const share = now > 0 && turned >= 0 ? ` (${Math.round((100 * turned) / now)} %)` : "";
  return `at ${angle}°: ${number(now)} · turned by 90°: ${number(turned)}${share}`.replaceAll("-", "−");
}

/** The ends of an axis that holds these values and zero. */
export function axisOf(values) {
  let low = 0, high = 0;
  for (const value of values) if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  return high > low ? [low, high] : [low, low + 1];
}

/**
 * Draw a line of values over places 0…1 on a canvas of width × height, with ends of its axes in
 * words; `mark`, a place and value, is where things stand now; `beyond`, a place, is a faint line.
 */
export function drawLine(node, width, height, values, places, { low, high, left, right, mark, beyond, beyondText }) {
  const context = resize(node, width, height);
  const box = { x: 44, y: 8, width: width - 54, height: height - 26 };
  const x = (place) => box.x + place * box.width, y = (value) => box.y + box.height * (1 - (value - low) / (high - low));
  const faint = themeColour(node, "faint");
  context.clearRect(0, 0, width, height);
  context.font = "11px sans-serif";
  context.fillStyle = faint;
  context.strokeStyle = themeColour(node, "faint-edge");
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of low < 0 ? [low, 0, high] : [low, high]) {
    context.beginPath();
    context.moveTo(box.x, Math.round(y(value)) + 0.5);
    context.lineTo(box.x + box.width, Math.round(y(value)) + 0.5);
    context.stroke();
    if (value === low && low < 0 && y(low) - y(0) < 12) continue;
    context.fillText(number(value).replace("-", "−"), box.x - 6, y(value));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(left, box.x, height - 3);
  context.textAlign = "right";
  context.fillText(right, box.x + box.width, height - 3);
  if (beyond !== undefined) {
    context.setLineDash([3, 3]);
    context.strokeStyle = faint;
    context.beginPath();
    context.moveTo(x(beyond), box.y);
    context.lineTo(x(beyond), box.y + box.height);
    context.stroke();
    context.setLineDash([]);
    context.textAlign = "center";
    context.fillText(beyondText, Math.min(box.x + box.width - 60, Math.max(box.x + 60, x(beyond))), height - 3);
  }
  context.strokeStyle = context.fillStyle = themeColour(node, "accent");
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  values.forEach((value, i) => { if (Number.isFinite(value)) context.lineTo(x(places[i]), y(value)); });
  context.stroke();
  if (!mark || !Number.isFinite(mark[1])) return;
  context.beginPath();
  context.arc(x(mark[0]), y(mark[1]), 5, 0, 7);
  context.fillStyle = themeColour(node, "mark");
  context.fill();
}
