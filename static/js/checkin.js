/* 签到 without network: what was pressed is kept on this telephone and sent once, later. Without this file the
   plain form works. Nothing about a person is kept: the code or ticket, when it was pressed, and whose
   account it was. */
(function () {
  'use strict';
  const doc = document;
  const KEY = 'checkins';
  const WAIT = 8000;
  const csrf = () => doc.querySelector('meta[name=csrf-token]').content;

  function kept() {
    try { return JSON.parse(localStorage.getItem(KEY) || '[]'); } catch (e) { return []; }
  }
  function keep(list) {
    try { localStorage.setItem(KEY, JSON.stringify(list)); return true; } catch (e) { return false; }
  }
  function forget(entry) {
    keep(kept().filter((one) => one.at !== entry.at));
  }

  function say(words, state, link) {
    const box = doc.getElementById('checkin-news');
    if (!box) return;
    const line = doc.createElement('div');
    line.className = 'bn bn-' + state;
    const text = doc.createElement('div');
    text.textContent = words;
    if (link) {
      const a = doc.createElement('a');
      a.href = link;
      a.textContent = '查看结果';
      text.append(' ', a);
    }
    line.append(text);
    box.textContent = '';
    box.append(line);
  }

  function send(entry, api) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT);
    const body = { code: entry.code || '', ticket: entry.ticket || '' };
    if (entry.late) body.kept_at = entry.at;
    return fetch(api, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf() },
      body: JSON.stringify(body),
      signal: stop.signal,
    }).finally(() => clearTimeout(timer));
  }

  function put(entry) {
    const list = kept();
    entry.late = true;
    if (!list.some((one) => one.at === entry.at)) list.push(entry);
    const words = '网络不通，签到已存在这部手机上，联网后打开本页自动补传，以按下签到的时间为准。';
    say(keep(list) ? words : '网络不通，这个浏览器不能保存签到，请现场经办人登记。', 'warn');
  }

  /* What the server has understood is never sent again, whether it took it or not. */
  function answer(entry, response) {
    if (response.status === 401 || response.status === 403) {
      put(entry);
      say('登录已过期，签到还存在这部手机上。请重新登录，再打开本页即可补传。', 'warn', '/login/?next=' + location.pathname);
      return;
    }
    if (response.status >= 500 || response.status === 429) { put(entry); return; }
    forget(entry);
    response.json().then((data) => {
      if (data.url) {
        if (entry.late) say('已补传：' + data.title + '，' + data.message, 'ok', data.url); else location.assign(data.url);
      } else {
        say((entry.late ? '补传的签到没有被接受。' : '没有签上。') + data.message, 'bad');
      }
    });
  }

  let busy = false;
  function flush() {
    const form = doc.querySelector('form[data-checkin]');
    if (!form || busy) return;
    const owner = form.getAttribute('data-owner');
    const entry = kept().find((one) => one.owner === owner);
    if (!entry) return;
    busy = true;
    send(entry, form.getAttribute('data-api'))
      .then((response) => { busy = false; answer(entry, response); }, () => { busy = false; });
  }

  doc.addEventListener('submit', (event) => {
    const form = event.target.closest('form[data-checkin]');
    if (!form || !window.fetch || !window.AbortController) return;
    const code = form.elements.code ? form.elements.code.value : '';
    if (form.elements.code && code.replace(/[\s-]/g, '').length !== 6) return; // the page says what is wrong
    event.preventDefault();
    event.stopImmediatePropagation();
    const ticket = form.elements.ticket ? form.elements.ticket.value : '';
    const entry = { code: code, ticket: ticket, owner: form.getAttribute('data-owner'), at: new Date().toISOString() };
    const button = form.querySelector('button');
    button.setAttribute('aria-busy', 'true');
    const done = () => button.removeAttribute('aria-busy');
    send(entry, form.getAttribute('data-api'))
      .then((response) => { done(); answer(entry, response); }, () => { done(); put(entry); });
  }, true);

  window.addEventListener('online', flush);
  setInterval(flush, 20000);
  flush();

  doc.addEventListener('click', (event) => {
    if (!event.target.closest('[data-full]')) return;
    if (doc.fullscreenElement) doc.exitFullscreen(); else doc.documentElement.requestFullscreen();
  });
}());
