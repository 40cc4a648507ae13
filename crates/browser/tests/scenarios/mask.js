// A PNG of four bytes a pixel, read without a canvas: that would lose the colours of what is
// transparent. Answers with its size and its pixels.
async function pixelsOf(blob) {
  // The browser looks at the checksums.
  await createImageBitmap(blob);
  const file = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(file.buffer);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (file[24] !== 8 || file[25] !== 6) throw new Error("not four bytes a pixel");
  const parts = [];
  for (let at = 8; at < file.length; at += view.getUint32(at) + 12) {
    const kind = String.fromCharCode(...file.slice(at + 4, at + 8));
    if (kind === "IDAT") parts.push(file.slice(at + 8, at + 8 + view.getUint32(at)));
  }
  const packed = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  const raw = new Uint8Array(await new Response(packed).arrayBuffer());
  const pixels = new Uint8Array(width * height * 4);
  const paeth = (a, b, c) => {
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  };
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (width * 4 + 1)];
    for (let x = 0; x < width * 4; x++) {
      const at = y * width * 4 + x;
      const a = x < 4 ? 0 : pixels[at - 4];
      const b = y < 1 ? 0 : pixels[at - width * 4];
      const c = x < 4 || y < 1 ? 0 : pixels[at - width * 4 - 4];
      pixels[at] = raw[at + y + 1] + [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
    }
  }
  return { width, height, pixels };
}

// How the picture that a field holds differs from an opaque one: how many colours are others, how
// transparent it is at some places, how much of it is masked.
async function compared(held, address, places) {
  const { width, height, pixels } = await pixelsOf(held);
  const image = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const original = context.getImageData(0, 0, width, height).data;
  let [others, masked] = [0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    others += [0, 1, 2].some((c) => pixels[at + c] !== original[at + c]) ? 1 : 0;
    masked += pixels[at + 3] === 0 ? 1 : 0;
  }
  const alphas = places.map(([x, y]) => pixels[(y * width + x) * 4 + 3]);
  return { size: [width, height], others, masked, alphas };
}

// The hash of the one picture that is filled in.
function hashHeld() {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith("pilotlight.drafts."));
  const fields = kept.flatMap((key) => Object.values(JSON.parse(localStorage[key]).fields));
  return fields.map((field) => field.picture && field.picture.hash).find((hash) => hash);
}
