// Draws the OpenAPI document with Swagger UI; requests made from it carry the page's token against forgery.
(function () {
  "use strict";
  var home = document.getElementById("api-docs");
  var token = document.querySelector("meta[name=csrf-token]").content;
  SwaggerUIBundle({
    url: home.dataset.schema,
    domNode: home,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    requestInterceptor: function (request) {
      if (request.method !== "GET") request.headers["X-CSRFToken"] = token;
      return request;
    },
  });
})();
