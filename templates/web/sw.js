/* Without network: a page that says so. Nothing else is stored, everything else is asked of the server. */
const SAYS = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>没有网络</title><main><h1>现在没有网络</h1><p>页面里已经填写、还没有提交的内容请不要关闭原页面。恢复网络后<a href="">重新打开</a>。</p></main></html>`;
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  const page = () => new Response(SAYS, { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  event.respondWith(fetch(event.request).catch(page));
});
