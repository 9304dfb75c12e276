// The camera of LiveViewer: asked for, shown, read frame by frame; off when it is out of sight.
import { element } from "./page.js";

const OTHERWISE = "Hold up an uploaded picture or a pattern instead.";

/** What went wrong with the camera, in words. */
export function cameraTrouble(error) {
  const said = {
    NotAllowedError: "The camera was refused: the browser asks for it, and its address bar can allow it again.",
    SecurityError: "This page may not use the camera.",
    NotFoundError: "There is no camera on this machine.",
    OverconstrainedError: "There is no camera on this machine.",
    NotReadableError: "The camera is in use by another program.",
    Missing: "This page may not use a camera: it needs https, or a server on this machine (localhost).",
  }[error?.name] ?? `The camera does not work here (${error?.message || error}).`;
  return `${said} ${OTHERWISE}`;
}

/** The middle square of a picture of width × height: left, top, side. */
export function middleOf(width, height) {
  const side = Math.min(width, height);
  return [(width - side) / 2, (height - side) / 2, side];
}

/** RGB bytes, side × side, of the middle square of a canvas or video; `scratch` is a canvas for it. */
export function squareBytes(scratch, source, width, height, side, mirrored, ground) {
  if (scratch.width !== side) scratch.width = scratch.height = side;
  const context = scratch.getContext("2d", { willReadFrequently: true });
  context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? side : 0, 0);
  if (ground) { context.fillStyle = ground; context.fillRect(0, 0, side, side); }
  context.imageSmoothingQuality = "high";
  const [left, top, size] = middleOf(width, height);
  context.drawImage(source, left, top, size, size, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const bytes = new Uint8Array(side * side * 3);
  for (let from = 0, to = 0; to < bytes.length; from += 4) {
    bytes[to++] = data[from]; bytes[to++] = data[from + 1]; bytes[to++] = data[from + 2];
  }
  return bytes;
}

/** The camera's panel. `frame()` is called for every picture it takes, `upload` where that is wanted instead. */
export function cameraPanel(model, shown, frame, upload) {
  const video = element("video", { className: "vk-stage", muted: true, playsInline: true, "aria-label": "the camera" });
  video.muted = true;
  const start = element("button", { textContent: "start", onclick: () => (stream ? stop() : begin()) });
  const instead = element("button", { textContent: "upload a picture instead", onclick: upload, style: { display: "none" } });
  const mirror = element("input", { type: "checkbox", checked: model.get("mirror"),
    onchange: () => { model.set("mirror", mirror.checked); model.save_changes(); tell(); } });
  const speed = element("div", { className: "vk-note" }); // how fast it is, or
  const trouble = element("div", { className: "vk-note", role: "status", "aria-live": "polite" }); // what went wrong
  const say = (text) => { trouble.textContent = text; };
  const node = element("div", { className: "vk-side" }, video,
    element("div", { className: "vk-bar" }, start, element("label", { className: "vk-control" }, mirror, element("span", { textContent: "mirror" }))), speed, trouble, instead);
  video.style.width = video.style.height = `${shown}px`;
  let stream = null, asked = 0, timer = 0, next = 0;

  const tell = () => {
    start.textContent = stream ? "stop" : "start";
    mirror.checked = model.get("mirror");
    video.style.transform = mirror.checked ? "scaleX(-1)" : "";
  };
  const tick = () => {
    if (!stream) return;
    if (video.readyState >= 2) frame();
    next = video.requestVideoFrameCallback ? video.requestVideoFrameCallback(tick) : requestAnimationFrame(tick);
  };
  const halt = (words) => {
    asked++;
    clearTimeout(timer);
    if (video.cancelVideoFrameCallback) video.cancelVideoFrameCallback(next); else cancelAnimationFrame(next);
    for (const track of stream?.getTracks() ?? []) track.stop();
    if (stream && words) say(words);
    stream = video.srcObject = null;
    speed.textContent = "";
    tell();
  };
  const stop = () => { halt(""); say(""); };
  const begin = async () => {
    const mine = ++asked;
    instead.style.display = "none";
    say("");
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error(), { name: "Missing" });
      const found = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240, frameRate: 30 } });
      if (mine !== asked) { for (const track of found.getTracks()) track.stop(); return; } // stopped meanwhile
      stream = video.srcObject = found;
      found.getVideoTracks()[0].addEventListener("ended", () => halt("The camera was taken away."));
      tell();
      await video.play();
      tick();
    } catch (error) {
      if (mine !== asked) return;
      halt("");
      say(cameraTrouble(error));
      instead.style.display = "";
    }
  };

  // Nobody is filmed by a viewer that cannot be seen.
  const unseen = () => { if (document.hidden) halt("The camera is off: the page was out of sight."); };
  document.addEventListener("visibilitychange", unseen);
  const watcher = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (!entry.isIntersecting && stream) timer = setTimeout(() => halt("The camera is off: it was out of sight."), 1000);
  });
  watcher.observe(node);
  tell();
  return {
    node, stop, tell, begin,
    lost: () => halt("The kernel does not answer: the camera is off. Run the cell again."),
    on: () => Boolean(stream),
    grab: (scratch, side) => squareBytes(scratch, video, video.videoWidth, video.videoHeight, side, mirror.checked),
    rate: (text) => { speed.textContent = text; },
    close() { stop(); document.removeEventListener("visibilitychange", unseen); watcher.disconnect(); },
  };
}
