// Puts a character where the caret is. Without script the server puts it for the first question mark, or at the end.
export function start(announce) {
  document.addEventListener('click', event => {
    const button = event.target.closest('button[data-insert]'), input = button && document.getElementById(button.dataset.into);
    if (!input) return;
    event.preventDefault();
    input.setRangeText(button.dataset.insert, input.selectionStart, input.selectionEnd, 'end');
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.focus();
    announce(button.dataset.said);
  });
}
