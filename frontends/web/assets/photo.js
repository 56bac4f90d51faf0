// Cuts, turns, scales and compresses a photo to what the exam asks for. All of it by buttons and told in words; dragging only adds.
const Move = 0.05, Zoom = 0.9, MostPixels = 2000, LeastQuality = 0.4, GoodQuality = 0.92;

export async function start(form) {
  const rule = JSON.parse(form.dataset.photo), words = JSON.parse(form.dataset.photoWords);
  const [tool, input] = [form.querySelector('[data-cutter]'), form.querySelector('[type=file]')];
  const [whole, result, said] = ['whole', 'result', 'said'].map(name => form.querySelector(`[data-cut-${name}]`));
  let source = null, picture = null, view, made = null, turn = 0, waiting;
  input.accept = 'image/*'; // any normal photo in, the exam's format out

  const reset = () => { view = { x: 0.5, y: 0.5, size: 1 }; };
  const frame = () => cut(source, rule.pixels ? rule.pixels.width / rule.pixels.height : source.width / source.height, view);

  input.addEventListener('change', async () => {
    [made, source] = [null, null];
    tool.hidden = true;
    if (!input.files.length) return;
    picture = await createImageBitmap(input.files[0], { imageOrientation: 'from-image' }).catch(() => null);
    said.replaceChildren(...picture ? [] : [line(words.unreadable)]); // such a file is sent as it is, and the server says what it is
    if (!picture) return;
    source = turned(picture, 0);
    reset();
    tool.hidden = false;
    look();
  });

  const acts = {
    left: () => { view.x -= Move; }, right: () => { view.x += Move; }, up: () => { view.y -= Move; }, down: () => { view.y += Move; },
    closer: () => { view.size = Math.max(0.1, view.size * Zoom); }, wider: () => { view.size = Math.min(1, view.size / Zoom); },
    turnLeft: () => { source = turned(source, -1); reset(); }, turnRight: () => { source = turned(source, 1); reset(); },
    back: () => { source = turned(picture, 0); reset(); },
  };
  tool.addEventListener('click', event => {
    const act = event.target.closest('[data-cut]')?.dataset.cut;
    if (!act) return;
    acts[act]();
    look();
  });
  let from = null;
  whole.addEventListener('pointerdown', event => { from = event; whole.setPointerCapture(event.pointerId); });
  whole.addEventListener('pointerup', () => { from = null; });
  whole.addEventListener('pointermove', event => {
    if (!from) return;
    view.x += (event.clientX - from.clientX) / whole.clientWidth;
    view.y += (event.clientY - from.clientY) / whole.clientHeight;
    from = event;
    look();
  });

  /** Shows the cut at once; what comes out of it is reckoned, and said, when no further button is pressed. */
  const look = () => {
    const kept = frame();
    outline(whole, source, kept);
    [result.width, result.height] = [180, Math.round(180 * kept.height / kept.width)];
    paint(result, source, kept);
    made = null;
    const mine = ++turn;
    clearTimeout(waiting);
    waiting = setTimeout(() => make().then(done => { if (mine === turn) said.replaceChildren(...describe(source, kept, done, rule, words)); }), 400);
  };
  const make = () => made ??= fit(source, frame(), rule);

  /** What is sent: the cut, or the chosen file itself where it could not be read here. */
  form.prepared = async () => {
    if (!source) return null;
    const { blob } = await make();
    return new File([blob], input.files[0].name.replace(/\.\w+$/, '') + '.jpg', { type: blob.type });
  };

  if (input.files.length) input.dispatchEvent(new Event('change')); // chosen before this script had come over a slow line
}

const canvas = (width, height) => Object.assign(document.createElement('canvas'), { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) });

/** The picture turned by quarters, and no larger than a phone can hold twice. */
function turned(picture, quarters) {
  const scale = Math.min(1, 4000 / Math.max(picture.width, picture.height)), [width, height] = [picture.width * scale, picture.height * scale];
  const into = quarters === 0 ? canvas(width, height) : canvas(height, width), pen = into.getContext('2d');
  pen.translate(into.width / 2, into.height / 2);
  pen.rotate(quarters * Math.PI / 2);
  pen.drawImage(picture, -width / 2, -height / 2, width, height);
  return into;
}

/** The part that is kept, in pixels of the source; the view is brought back where it would leave the picture. */
function cut(source, ratio, view) {
  const width = Math.min(source.width, source.height * ratio) * view.size, height = width / ratio;
  const inside = (at, part, all) => Math.min(Math.max(at, part / 2 / all), 1 - part / 2 / all);
  view.x = inside(view.x, width, source.width);
  view.y = inside(view.y, height, source.height);
  return { left: view.x * source.width - width / 2, top: view.y * source.height - height / 2, width, height };
}

function paint(into, source, kept) {
  const pen = into.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.fillStyle = '#fff'; // what was transparent
  pen.fillRect(0, 0, into.width, into.height);
  pen.drawImage(source, kept.left, kept.top, kept.width, kept.height, 0, 0, into.width, into.height);
  return into;
}

function outline(into, source, kept) {
  const scale = Math.min(1, 360 / source.width);
  [into.width, into.height] = [Math.round(source.width * scale), Math.round(source.height * scale)];
  const pen = into.getContext('2d');
  pen.drawImage(source, 0, 0, into.width, into.height);
  pen.fillStyle = 'rgb(0 0 0 / .6)';
  pen.beginPath();
  pen.rect(0, 0, into.width, into.height);
  pen.rect(kept.left * scale, kept.top * scale, kept.width * scale, kept.height * scale);
  pen.fill('evenodd');
}

const encode = (from, quality) => new Promise(resolve => from.toBlob(resolve, 'image/jpeg', quality));

/** The best quality whose bytes lie in the window; where none does and no size is asked for, the picture grows or shrinks. */
async function fit(source, kept, rule) {
  const least = rule.minBytes, most = rule.maxBytes;
  const shrink = Math.min(1, MostPixels / Math.max(kept.width, kept.height));
  let [width, height] = rule.pixels ? [rule.pixels.width, rule.pixels.height] : [kept.width * shrink, kept.height * shrink], blob;
  for (let tries = 0; tries < 16; tries++) {
    const drawn = paint(canvas(width, height), source, kept);
    blob = await within(drawn, least, most);
    [width, height] = [drawn.width, drawn.height];
    if (rule.pixels || blob.size >= least && blob.size <= most || Math.max(width, height) > 2 * MostPixels || Math.min(width, height) < 60) break;
    const next = blob.size > most ? 0.85 : 1.2;
    [width, height] = [width * next, height * next];
  }
  return { blob, width: Math.round(width), height: Math.round(height) };
}

async function within(drawn, least, most) {
  const good = await encode(drawn, GoodQuality);
  if (good.size >= least && good.size <= most) return good;
  let [low, high] = good.size < least ? [GoodQuality, 1] : [LeastQuality, GoodQuality];
  let best = await encode(drawn, good.size < least ? high : low);
  if (good.size < least ? best.size <= most : best.size > most) return best; // as large, or as small, as it gets
  for (let tries = 0; tries < 7; tries++) {
    const middle = (low + high) / 2, tried = await encode(drawn, middle);
    if (tried.size > most) high = middle;
    else { low = middle; if (tried.size >= least || best.size > most) best = tried; }
  }
  return best;
}

const line = (text, tag = 'p') => Object.assign(document.createElement(tag), { className: tag === 'p' ? 'govuk-body' : '', textContent: text });

/** How much is cut off each side, what comes out, and each thing that does not fit with what to do about it. */
function describe(source, kept, done, rule, words) {
  const percent = (part, all) => Math.round(part / all * 100), fill = (text, ...parts) => text.replace(/\{(\d)\}/g, (_, n) => parts[n]);
  const sides = fill(words.sides, percent(kept.left, source.width), percent(source.width - kept.left - kept.width, source.width), percent(kept.top, source.height), percent(source.height - kept.top - kept.height, source.height));
  const out = fill(words.out, done.width, done.height, Math.ceil(done.blob.size / 1024));
  const wrong = findings(paint(canvas(60, 60 * kept.height / kept.width), source, kept), kept, done, rule, words);
  const hard = done.blob.size > rule.maxBytes || done.blob.size < rule.minBytes;
  if (wrong.length === 0) return [line(sides + out + words.fits)];
  const list = Object.assign(document.createElement('ul'), { className: 'govuk-list govuk-list--bullet' });
  list.append(...wrong.map(text => line(text, 'li')));
  return [line(sides + out + (hard ? words.not : words.but)), list];
}

function findings(small, kept, done, rule, words) {
  const { data } = small.getContext('2d').getImageData(0, 0, small.width, small.height);
  const mean = (left, top, width, height) => {
    const sum = [0, 0, 0];
    let count = 0;
    for (let y = Math.floor(top * small.height); y < (top + height) * small.height; y++)
      for (let x = Math.floor(left * small.width); x < (left + width) * small.width; x++, count++)
        for (let c = 0; c < 3; c++) sum[c] += data[(y * small.width + x) * 4 + c];
    return sum.map(s => s / count);
  };
  const corners = [mean(0, 0, 0.12, 0.15), mean(0.88, 0, 0.12, 0.15)];
  const grounds = { white: ([r, g, b]) => Math.min(r, g, b) > 200 && Math.max(r, g, b) - Math.min(r, g, b) < 30, blue: ([r, , b]) => b > 100 && b - r > 40 };
  const [r, g, b] = mean(0.25, 0.25, 0.5, 0.5), light = 0.3 * r + 0.6 * g + 0.1 * b;
  return [
    done.blob.size > rule.maxBytes && words.large, done.blob.size < rule.minBytes && words.small,
    kept.width < done.width * 0.9 && words.blurred.replace('{0}', Math.round(kept.width)).replace('{1}', Math.round(kept.height)),
    kept.width > kept.height && words.lying,
    light < 50 && words.dark, light > 245 && words.bright,
    grounds[rule.ground] && !corners.every(grounds[rule.ground]) && words[`ground-${rule.ground}`],
  ].filter(Boolean);
}
