/* Keys of the calendar: arrows turn the page, T goes to today. The links do the same without this file. */
(function () {
  'use strict';
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) || event.target.closest('[role=tablist]')) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const link = Array.from(document.querySelectorAll('[data-calendar] [data-key]')).find(
      (one) => one.getAttribute('data-key') === key
    );
    if (link) { event.preventDefault(); link.click(); }
  });
}());
