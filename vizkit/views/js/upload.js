// Pictures that come from outside into LiveViewer: chosen, dropped or pasted; shrunk here where they are large.
import { keys } from "./keys.js";
import { element } from "./page.js";

const LARGE = 4e6; // pixels; or
const HEAVY = 4e6; // bytes: shrunk in the browser
const SIDE = 1024; // to this
const TOO_HEAVY = 8e6; // bytes that no message carries

/** The size of a picture that is shrunk so that no side is longer than `side`. */
export function shrunkSize(width, height, side = SIDE) {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** The first file in what was dropped or pasted; null where there is none. */
export function fileIn(transfer) {
  return transfer?.files?.[0] ?? Array.from(transfer?.items ?? []).find((item) => item.kind === "file")?.getAsFile() ?? null;
}

/** Width and height of an image file; null where the browser cannot tell. */
async function sizeOf(file) {
  const address = URL.createObjectURL(file);
  const image = new Image();
  try {
    await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = address; });
    return [image.naturalWidth, image.naturalHeight];
  } catch { return null; } finally { URL.revokeObjectURL(address); }
}

/** A file's bytes, to be opened in Python: as they are, or of a smaller copy. Throws what to say. */
async function bytesOf(file) {
  const size = await sizeOf(file);
  if (size && (size[0] * size[1] > LARGE || file.size > HEAVY)) {
    const [width, height] = shrunkSize(...size);
    try {
      const picture = await createImageBitmap(file, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
      const node = element("canvas", { width, height });
      const context = node.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, width, height);
      context.drawImage(picture, 0, 0);
      picture.close();
      const blob = await new Promise((done) => { node.toBlob(done, "image/jpeg", 0.95); });
      if (blob) return blob.arrayBuffer();
    } catch { /* Python may still be able to */ }
  }
  if (file.size > TOO_HEAVY) throw new Error(`${file.name} is too large to send (${Math.round(file.size / 1e6)} MB): shrink it first, to 1,000 pixels or so a side`);
  return file.arrayBuffer();
}

/** The button and the place to drop and paste; `send(bytes, name)` gets what came, `say` what went wrong. */
export function uploadPanel(root, send, say) {
  let open = true;
  const take = async (file) => {
    if (!file) return;
    try {
      const bytes = await bytesOf(file);
      if (open) send(bytes, file.name || "the picture");
    } catch (error) { if (open) say(error.message); }
  };
  const input = element("input", { type: "file", accept: "image/*", style: { display: "none" }, "aria-label": "image file",
    onchange: () => { take(input.files[0]); input.value = ""; } });
  const button = element("button", { textContent: "choose a file …", onclick: () => input.click() });
  const node = element("div", { className: "vk-drop", tabIndex: 0, role: "group", "aria-label": "drop a picture here, or paste one" },
    button, input, element("span", { textContent: "or drop one anywhere on this viewer, or click here and paste" }));
  const dragged = (event) => {
    if (!Array.from(event.dataTransfer?.types ?? []).includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    root.classList.toggle("vk-over", event.type === "dragover");
    if (event.type === "drop") take(fileIn(event.dataTransfer));
  };
  for (const kind of ["dragover", "dragleave", "drop"]) root.addEventListener(kind, dragged);
  root.addEventListener("paste", (event) => {
    const file = fileIn(event.clipboardData);
    if (!file) { say("There is no picture on the clipboard."); return; }
    event.preventDefault();
    event.stopPropagation();
    take(file);
  });
  // JupyterLab would paste a cell.
  const stop = keys(node, (event) => event.key.toLowerCase() === "v" && (event.ctrlKey || event.metaKey) && "native");
  return { node, close() { open = false; stop(); } };
}
