// Points and thumbnails on a WebGL2 canvas. Knows buffers and shaders, no labels' names and no mouse.
import { SHAPES, runsIn } from "./places.js";

const POINT_VERTEX = `#version 300 es
in vec2 place; in vec2 before; in uint code;
uniform vec2 world, centre, zoom; uniform float moved, size, opacity; uniform bool plain; uniform sampler2D palette;
flat out vec4 colour; flat out uint shape;
void main() {
  vec4 entry = texelFetch(palette, ivec2(int(code), 0), 0);
  vec2 at = mix(before, place, moved) * (65535.0 / 65534.0) * world;
  bool shown = entry.a > 0.0 && place.x < 1.0 && before.x < 1.0;
  gl_Position = shown ? vec4((at - centre) * zoom, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
  shape = plain ? 0u : (code / 10u) % ${SHAPES}u;
  colour = vec4(entry.rgb * opacity, opacity);
}`;

// A shape's edge as a signed distance in units of its radius, one pixel of it blended.
const POINT_FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 colour; flat in uint shape; uniform float size; out vec4 pixel;
void main() {
  if (size < 3.0) { pixel = colour; return; }
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  vec2 a = abs(p);
  float edge = shape == 0u ? length(p) - 0.94 : shape == 1u ? max(a.x, a.y) - 0.8
    : shape == 2u ? max(a.x * 0.87 + p.y * -0.5, p.y) - 0.62 : a.x + a.y - 0.96;
  float cover = clamp(0.5 - edge * size * 0.5, 0.0, 1.0);
  if (cover == 0.0) discard;
  pixel = colour * cover;
}`;

const THUMB_VERTEX = `#version 300 es
in vec2 place; in vec2 before; in uint code; in uint cell;
uniform vec2 world, centre, zoom, side, thumb; uniform float moved, dim; uniform int columns; uniform sampler2D palette;
out vec2 inside; flat out vec4 label; flat out ivec2 corner; flat out float shown;
void main() {
  vec2 unit = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 at = (mix(before, place, moved) * (65535.0 / 65534.0) * world - centre) * zoom;
  label = texelFetch(palette, ivec2(int(code), 0), 0);
  uint number = cell & 0x7fffffffu;
  shown = cell == number ? dim : 1.0;
  corner = ivec2(int(number) % columns, int(number) / columns) * ivec2(thumb);
  inside = vec2(unit.x, 1.0 - unit.y);
  gl_Position = vec4(at + (unit - 0.5) * side, 0.0, 1.0);
}`;

const THUMB_FRAGMENT = `#version 300 es
precision highp float;
in vec2 inside; flat in vec4 label; flat in ivec2 corner; flat in float shown;
uniform vec2 thumb; uniform float border, spread; uniform bool ink, grey; uniform sampler2D atlas; out vec4 pixel;
vec3 texel(vec2 at) {
  return texelFetch(atlas, corner + ivec2(clamp(at, vec2(0.0), thumb - 1.0)), 0).rgb;
}
// A pixel on the screen is the mean of those of the thumbnail that it covers, at most 4 × 4 of them.
vec3 mean(vec2 at) {
  int taps = clamp(int(ceil(spread)), 1, 4);
  vec3 sum = vec3(0.0);
  for (int y = 0; y < taps; y++) for (int x = 0; x < taps; x++)
    sum += texel(at + ((vec2(x, y) + 0.5) / float(taps) - 0.5) * spread);
  return sum / float(taps * taps);
}
void main() {
  if (ink) {
    vec2 at = inside * thumb - 0.5, from = floor(at), share = at - from;
    float stroke = mix(mix(texel(from).r, texel(from + vec2(1, 0)).r, share.x),
                       mix(texel(from + vec2(0, 1)).r, texel(from + 1.0).r, share.x), share.y);
    stroke = clamp(stroke * 1.25, 0.0, 1.0) * shown;
    if (stroke < 0.03) discard;
    pixel = vec4(label.rgb * stroke, stroke);
    return;
  }
  vec2 edge = min(inside, 1.0 - inside);
  vec3 colour = mean((inside - border) / (1.0 - 2.0 * border) * thumb);
  if (grey) colour = colour.rrr;
  if (min(edge.x, edge.y) < border) colour = label.rgb;
  pixel = vec4(colour, 1.0) * shown;
}`;

function program(gl, vertex, fragment) {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(gl.getShaderInfoLog(shader));
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(made));
  const uniforms = {};
  for (let i = 0; i < (gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS) || 0); i++) {
    const { name } = gl.getActiveUniform(made, i);
    uniforms[name] = gl.getUniformLocation(made, name);
  }
  return { made, uniforms, at: (name) => gl.getAttribLocation(made, name) };
}

/** How many thumbnails stand side by side in a texture that must hold them all. */
export function atlasColumns(count, height, width) {
  return Math.max(1, Math.ceil(Math.sqrt((count * height) / width)));
}

/** What draws: `load` arrays, then `draw` a camera. Throws when the texture would not fit. */
export function makeScene(gl) {
  const points = program(gl, POINT_VERTEX, POINT_FRAGMENT);
  const thumbs = program(gl, THUMB_VERTEX, THUMB_FRAGMENT);
  const buffers = Object.fromEntries(["place", "before", "code", "marked", "thumbPlace", "thumbBefore", "thumbCode", "thumbCell"]
    .map((name) => [name, gl.createBuffer()]));
  const pointArray = gl.createVertexArray(), thumbArray = gl.createVertexArray();
  const palette = gl.createTexture(), atlas = gl.createTexture();
  let atlasShape = null, columns = 1;

  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);

  const attribute = (shader, name, buffer, size, type, whole, divisor) => {
    const at = shader.at(name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[buffer]);
    gl.enableVertexAttribArray(at);
    if (whole) gl.vertexAttribIPointer(at, size, type, 0, 0);
    else gl.vertexAttribPointer(at, size, type, true, 0, 0);
    gl.vertexAttribDivisor(at, divisor);
  };
  gl.bindVertexArray(pointArray);
  attribute(points, "place", "place", 2, gl.UNSIGNED_SHORT, false, 0);
  attribute(points, "before", "before", 2, gl.UNSIGNED_SHORT, false, 0);
  attribute(points, "code", "code", 1, gl.UNSIGNED_BYTE, true, 0);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.marked);
  gl.bindVertexArray(thumbArray);
  attribute(thumbs, "place", "thumbPlace", 2, gl.UNSIGNED_SHORT, false, 1);
  attribute(thumbs, "before", "thumbBefore", 2, gl.UNSIGNED_SHORT, false, 1);
  attribute(thumbs, "code", "thumbCode", 1, gl.UNSIGNED_BYTE, true, 1);
  attribute(thumbs, "cell", "thumbCell", 1, gl.UNSIGNED_INT, true, 1);
  gl.bindVertexArray(null);

  const fill = (name, values, target = gl.ARRAY_BUFFER, use = gl.STATIC_DRAW) => {
    gl.bindVertexArray(target === gl.ARRAY_BUFFER ? null : pointArray);
    gl.bindBuffer(target, buffers[name]);
    gl.bufferData(target, values, use);
  };
  const texture = (unit, node, width, height, inner, outer, bytes) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, node);
    gl.texImage2D(gl.TEXTURE_2D, 0, inner, width, height, 0, outer, gl.UNSIGNED_BYTE, bytes);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  };
  const use = (shader, view) => {
    gl.useProgram(shader.made);
    const u = shader.uniforms;
    gl.uniform2f(u.world, ...view.world);
    gl.uniform2f(u.centre, view.camera.x, view.camera.y);
    gl.uniform2f(u.zoom, (2 * view.camera.scale) / view.width, (2 * view.camera.scale) / view.height);
    gl.uniform1f(u.moved, view.moved);
    gl.uniform1i(u.palette, 0);
    gl.uniform1i(u.plain ?? null, view.plain ? 1 : 0);
    return u;
  };

  return {
    /** Points, in the order of the grid; `before`: where they stood (for the way to a new layout). */
    loadPoints(place, before, code) { fill("place", place); fill("before", before); fill("code", code); },
    /** Which points (by their order in the grid) are drawn over the others. */
    loadMarked(numbers) { fill("marked", numbers, gl.ELEMENT_ARRAY_BUFFER); },
    loadPalette(bytes) { texture(0, palette, 256, 1, gl.RGBA8, gl.RGBA, bytes); },
    /** Thumbnails (n, height, width) or (n, height, width, 3) as one texture. */
    loadAtlas(shape, values) {
      const [count, height, width] = shape;
      const depth = shape.length === 4 ? 3 : 1;
      columns = atlasColumns(count, height, width);
      const rows = Math.ceil(count / columns);
      if (Math.max(columns * width, rows * height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) throw new Error("too many thumbnails for this graphics card");
      const sheet = new Uint8Array(columns * width * rows * height * depth);
      for (let i = 0; i < count; i++) {
        for (let y = 0; y < height; y++) {
          const from = (i * height + y) * width * depth;
          const to = ((Math.floor(i / columns) * height + y) * columns + (i % columns)) * width * depth;
          sheet.set(values.subarray(from, from + width * depth), to);
        }
      }
      texture(1, atlas, columns * width, rows * height, depth === 3 ? gl.RGB8 : gl.R8, depth === 3 ? gl.RGB : gl.RED, sheet);
      atlasShape = [height, width, depth];
    },
    /** Thumbnails to draw: place, before and code as for points; cell: number, top bit: not dimmed. */
    loadThumbs(place, before, code, cell) {
      fill("thumbPlace", place, gl.ARRAY_BUFFER, gl.DYNAMIC_DRAW);
      fill("thumbBefore", before, gl.ARRAY_BUFFER, gl.DYNAMIC_DRAW);
      fill("thumbCode", code, gl.ARRAY_BUFFER, gl.DYNAMIC_DRAW);
      fill("thumbCell", cell, gl.ARRAY_BUFFER, gl.DYNAMIC_DRAW);
    },
    clear(view, { width, height } = { width: gl.drawingBufferWidth, height: gl.drawingBufferHeight }) {
      gl.viewport(0, 0, width, height);
      gl.clearColor(...view.paper, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    },
    /** The points of some runs of the grid's order. */
    drawPoints(view, runs, size, opacity) {
      const u = use(points, view);
      gl.uniform1f(u.size, size * view.ratio);
      gl.uniform1f(u.opacity, opacity);
      gl.bindVertexArray(pointArray);
      for (const [first, count] of runs) gl.drawArrays(gl.POINTS, first, count);
    },
    drawMarked(view, count, size) {
      const u = use(points, view);
      gl.uniform1f(u.size, size * view.ratio);
      gl.uniform1f(u.opacity, 1);
      gl.bindVertexArray(pointArray);
      gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
    },
    drawThumbs(view, count, side, ink, dim) {
      if (!atlasShape) return;
      const [height, width, depth] = atlasShape;
      const u = use(thumbs, view);
      const longest = Math.max(height, width);
      gl.uniform2f(u.side, (2 * side * width) / longest / view.width, (2 * side * height) / longest / view.height);
      gl.uniform2f(u.thumb, width, height);
      gl.uniform1i(u.columns, columns);
      gl.uniform1i(u.atlas, 1);
      gl.uniform1i(u.ink, ink ? 1 : 0);
      gl.uniform1i(u.grey, depth === 1 ? 1 : 0);
      gl.uniform1f(u.spread, longest / (side * view.ratio));
      gl.uniform1f(u.border, Math.max(0.06, 1.5 / side));
      gl.uniform1f(u.dim, dim);
      gl.bindVertexArray(thumbArray);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    },
    /** What of the world is in view, as shares of the extent, a little more on each side. */
    runs: (view, grid) => {
      const halfX = view.width / 2 / view.camera.scale, halfY = view.height / 2 / view.camera.scale;
      const share = (v, of) => v / (of || 1e-9);
      return runsIn(grid, [share(view.camera.x - halfX, view.world[0]), share(view.camera.x + halfX, view.world[0]),
        share(view.camera.y - halfY, view.world[1]), share(view.camera.y + halfY, view.world[1])]);
    },
  };
}
