/* Lets a phone put the product on its home screen; browsers that cannot simply go on. */
(function () {
  'use strict';
  if ('serviceWorker' in navigator && window.isSecureContext) {
    navigator.serviceWorker.register('/sw.js').catch(function () { /* a browser that forbids it */ });
  }
}());
