// How one value of a convolution came about, for ActivationViewer: patch × kernel, added up, plus the bias.
import { listen, write } from "./frame.js";
import { bitmap, canvas, element, onThemeChange, resize, themeColour } from "./page.js";
import { colour, largest, number, toTyped } from "./values.js";

const SIDE = 92, BAR = 150;

/** A number with a true minus sign. */
export function signed(value) {
  return number(value).replace("-", "−");
}

/** RGBA bytes of (channel, y, x) from a place on: three channels as colour around mid-grey, else the first, signed. */
export function stackPixels(values, channels, area, limit) {
  const pixels = new Uint8ClampedArray(area * 4).fill(255);
  for (let i = 0; i < area; i++) {
    const rgb = channels === 3 ? [0, 1, 2].map((c) => Math.floor((values[c * area + i] / limit / 2 + 0.5) * 255 + 0.5)) : colour(values[i], limit);
    pixels.set(rgb, i * 4);
  }
  return pixels;
}

/** patch × kernel, added over the channels: (y, x). */
export function products(patch, kernel, channels, area) {
  const sums = new Float32Array(area);
  for (let c = 0; c < channels; c++) for (let i = 0; i < area; i++) sums[i] += patch[c * area + i] * kernel[c * area + i];
  return sums;
}

/** The sum in words: what is added, the bias, the value. */
export function sumWords({ sums, rest, bias, value }) {
  const total = sums.reduce((a, b) => a + b, 0) + rest;
  return `sum of products ${signed(total)} ${bias < 0 ? "−" : "+"} bias ${number(Math.abs(bias))} = ${signed(value)}`;
}

/** The panel and what asks Python for its contents: one question under way, of later ones the newest wins. */
export function accountPanel(model, title) {
  const node = element("div", { className: "vk-account", style: { display: "none" } });
  // wanted: the value pointed at. asked: the question that was sent last, numbered, and whether it is under way.
  let wanted = null, asked = null, under = false, count_ = 0;
  const same = (a, b) => String(a ?? []) === String(b ?? []);
  const ask = () => {
    if (under || !wanted || same(wanted, asked?.slice(1))) return;
    asked = [++count_, ...wanted];
    under = true;
    write(model, "pointed", asked);
  };
  const figure = (values, channels, shape, limit, words) => {
    const [height, width] = shape.slice(1), scale = SIDE / Math.max(height, width);
    const sheet = canvas(10, 10, words);
    sheet.tabIndex = -1;
    const context = resize(sheet, Math.max(6, Math.round(width * scale)), Math.max(6, Math.round(height * scale)));
    context.drawImage(bitmap(stackPixels(values, channels, height * width, limit), width, height), 0, 0, width * scale, height * scale);
    return element("div", { className: "vk-side" }, sheet, element("span", { className: "vk-note", textContent: words }));
  };
  const sign = (text) => element("span", { className: "vk-sign", textContent: text });
  const bars = ({ channels, sums, rest, count }) => {
    const rows = [...sums.map((sum, i) => [`input channel ${channels[i]}`, sum])];
    if (count > sums.length) rows.push([`the other ${count - sums.length}`, rest]);
    const most = largest(rows.map(([, sum]) => sum));
    const list = element("div", { className: "vk-sums", role: "list" });
    for (const [name, sum] of rows) {
      const bar = canvas(BAR, 12, `${name}: ${signed(sum)}`);
      bar.tabIndex = -1;
      const context = bar.getContext("2d"), length = (Math.abs(sum) / most) * (BAR / 2 - 1);
      context.fillStyle = themeColour(node, "faint-edge");
      context.fillRect(BAR / 2 - 0.5, 0, 1, 12);
      context.fillStyle = `rgb(${colour(sum < 0 ? -1 : 1, 1)})`;
      context.fillRect(sum < 0 ? BAR / 2 - length : BAR / 2, 1, length, 10);
      list.append(element("span", { textContent: name }), bar, element("span", { className: "vk-sum", textContent: signed(sum) }));
    }
    return list;
  };
  const draw = () => {
    const account = model.get("account");
    if (!wanted) node.style.visibility = "hidden"; // its room stays: what is below must not jump under the pointer
    if (!wanted || !same(account.at?.slice(1), wanted) || !("words" in account)) return; // until Python has answered, the last stays
    Object.assign(node.style, { display: "", visibility: "visible" });
    const heading = element("div", { className: "vk-heading", textContent: `${title(wanted[0])} at row ${wanted[1]}, column ${wanted[2]}` });
    if (account.words) { node.replaceChildren(heading, element("div", { className: "vk-note", textContent: account.words })); return; }
    const patch = toTyped(model.get("patch")), kernel = toTyped(model.get("kernel"));
    if (patch.shape.length !== 3) return;
    const area = patch.shape[1] * patch.shape[2], coloured = account.count === 3, used = coloured ? 3 : 1;
    const [p, k] = [patch.values.subarray(0, used * area), kernel.values.subarray(0, used * area)];
    const made = products(p, k, used, area);
    const which = coloured || account.count === 1 ? "" : ` (input channel ${account.channels[0]} of ${account.count})`;
    node.replaceChildren(heading, element("div", { className: "vk-sumline" },
      figure(p, used, patch.shape, largest(p), `patch${which}`), sign("×"), figure(k, used, patch.shape, largest(k), "kernel"), sign("="),
      figure(made, 1, patch.shape, largest(made), coloured ? "products, colours added" : "products"), sign("Σ"), bars(account)),
    element("div", { className: "vk-total", textContent: sumWords(account) }));
  };
  const point = (at) => {
    wanted = at;
    if (!at && !under) asked = null; // the same place may be another value when it is asked for again
    draw();
    ask();
  };
  const answered = () => {
    if (same(model.get("account").at, asked)) under = false;
    draw();
    ask();
  };
  const stops = [listen(model, "account", answered), listen(model, "patch kernel", draw), onThemeChange(draw)];
  const close = () => { node.style.display = "none"; };
  return { node, point, close, stop: () => stops.forEach((stop) => stop()) };
}
