// A sign-in that is not used ends. Two minutes before, the page says so and offers to go on; what is
// done in one page counts for all pages of this browser, which tell one another and keep nothing.
"use strict";

(() => {
  const WARNED = 120;
  const seconds = Number(document.body.dataset.unusedSeconds);
  const box = document.getElementById("unused");
  if (!seconds || !box) return;
  const words = box.querySelector("[data-words]");
  const button = box.querySelector("button");
  const first = words.textContent;
  // In an older browser each page counts for itself.
  const others = "BroadcastChannel" in window ? new BroadcastChannel("liandong.used") : null;
  let used = Date.now();

  function note() {
    used = Date.now();
    others?.postMessage(used);
  }
  function show() {
    const left = seconds - (Date.now() - used) / 1000;
    box.hidden = left > WARNED;
    words.textContent = left > 0 ? first : box.dataset.over;
    button.hidden = left <= 0;
  }

  note();
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) note();
  });
  others?.addEventListener("message", (event) => {
    used = Math.max(used, Number(event.data) || 0);
    show();
  });
  button.addEventListener("click", async () => {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const answer = await fetch(box.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token } });
    if (answer.status === 204) note();
    show();
  });
  window.setInterval(show, 5000);
})();
