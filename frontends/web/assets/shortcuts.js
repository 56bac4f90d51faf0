// One key does what a link or a button on the page does; not while something is typed or chosen, and not with another key held down.
export function start() {
  const rows = () => [...document.querySelectorAll('a[data-row]')];
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.target.closest('input, select, textarea, summary, [contenteditable]')) return;
    const key = event.key.toLowerCase();
    if (key === 'j' || key === 'k') {
      const all = rows(), here = all.indexOf(document.activeElement);
      const row = key === 'j' ? all[here + 1] : all[here < 0 ? all.length - 1 : here - 1];
      if (row) event.preventDefault(), row.focus();
      return;
    }
    const there = document.querySelector(`[aria-keyshortcuts="${CSS.escape(key)}"]`);
    if (!there) return;
    event.preventDefault();
    there.click();
  });
}
