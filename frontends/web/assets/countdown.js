// Says anew each minute how long there is left. Seen each minute; spoken only a day, an hour and ten minutes before the end.
const Minute = 60_000, Spoken = [24 * 60, 60, 10];

export function start(announce) {
  const ahead = new Map(); // how far the server's clock is ahead of this one, taken once for each line as it came
  const left = line => {
    if (!ahead.has(line)) ahead.set(line, Date.parse(line.dataset.now) - Date.now());
    return Math.floor((Date.parse(line.dataset.until) - Date.now() - ahead.get(line)) / Minute);
  };
  const say = (line, minutes) => {
    const [days, hours, few, over] = line.dataset.words.split('|');
    const fill = (words, a, b) => words.replace('{0}', a).replace('{1}', b);
    return minutes < 0 ? over
      : minutes >= 24 * 60 ? fill(days, Math.floor(minutes / 60 / 24), Math.floor(minutes / 60) % 24)
      : minutes >= 60 ? fill(hours, Math.floor(minutes / 60), minutes % 60) : fill(few, Math.max(1, minutes));
  };
  const before = new Map();
  const tick = () => {
    for (const line of document.querySelectorAll('[data-until]')) {
      const minutes = left(line), text = say(line, minutes);
      if (line.textContent !== text) line.textContent = text;
      if (Spoken.some(at => before.get(line) > at && minutes <= at)) announce(text);
      before.set(line, minutes);
    }
  };
  tick();
  setInterval(tick, Minute / 4);
}
