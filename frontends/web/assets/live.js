// Looks from time to time whether something has changed, puts in what has, and says once what it is.
export function start(announce, enhance) {
  const known = new Map(); // what was last said of each part
  let pause = 5000;
  const parts = of => new Map([...of.querySelectorAll('[data-live]')].map(part => [part.dataset.live, part]));
  // how long there is left changes by itself, and a form's token and key are new each time: neither is news
  const told = part => {
    const copy = part.cloneNode(true);
    for (const moving of copy.querySelectorAll('[data-until], input[type=hidden]')) moving.remove();
    return copy.textContent.replace(/\s+/g, ' ').trim();
  };
  const look = async () => {
    const answer = document.hidden ? null : await fetch(location.href).catch(() => null);
    const there = answer?.ok && !answer.redirected ? parts(new DOMParser().parseFromString(await answer.text(), 'text/html')) : new Map();
    let news = null;
    for (const [name, here] of parts(document)) {
      const now = there.get(name), text = now && told(now);
      if (!now || text === told(here)) continue;
      if (known.get(name) !== text) {
        known.set(name, text);
        news ||= now.querySelector('[data-live-says]')?.textContent.trim() ?? '';
      }
      if (here.contains(document.activeElement)) continue; // nobody's focus is taken away; it is put in when they have gone on
      here.replaceWith(now);
      enhance(now);
    }
    if (news) announce(news);
    pause = news === null ? Math.min(pause * 1.5, 60000) : 5000;
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
