// Looks from time to time whether something has changed, and says it once.
export function start(announce) {
  let pause = 5000;
  const look = async () => {
    const here = document.querySelector('[data-live]');
    const answer = document.hidden ? null : await fetch(location.href).catch(() => null);
    const there = answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-live]') : null;
    if (there && there.textContent.trim() !== here.textContent.trim()) {
      if (here.contains(document.activeElement)) announce(there.querySelector('h2 + p, p')?.textContent.trim() ?? '');
      else { here.replaceWith(there); announce(there.querySelector('h2 + p, p')?.textContent.trim() ?? ''); }
      pause = 5000;
    } else pause = Math.min(pause * 1.5, 60000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
