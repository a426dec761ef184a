/* The board of a variant: a card dragged onto a post is the same as the form. Without this file only the form. */
(function () {
  'use strict';
  const doc = document;
  let held = null;
  const board = (event) => event.target.closest && event.target.closest('[data-plan-board]');
  const post = (event) => (held && event.target.closest ? event.target.closest('[data-post]') : null);

  doc.addEventListener('dragstart', (event) => {
    const card = board(event) && event.target.closest('[data-cadre]');
    if (!card) return;
    held = card;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', card.textContent.trim());
  });
  doc.addEventListener('dragover', (event) => {
    const over = post(event);
    if (!over) return;
    event.preventDefault();
    over.classList.add('is-over');
  });
  doc.addEventListener('dragleave', (event) => {
    const left = post(event);
    if (left && !left.contains(event.relatedTarget)) left.classList.remove('is-over');
  });
  doc.addEventListener('dragend', () => {
    held = null;
    doc.querySelectorAll('.is-over').forEach((one) => one.classList.remove('is-over'));
  });
  doc.addEventListener('drop', (event) => {
    const target = post(event);
    const form = doc.getElementById('drop-form');
    if (!target || !form) return;
    event.preventDefault();
    const own = held.closest('[data-post]') === target;
    form.elements.cadre.value = held.getAttribute('data-cadre');
    form.elements.to_post.value = target.getAttribute('data-post');
    held = null;
    if (!own) form.requestSubmit ? form.requestSubmit() : form.submit();
  });
}());
