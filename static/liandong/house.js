// The little that the browser does by itself: Ctrl K, the way back, a save that failed,
// the signature, a page on paper. What outlives a lost connection is in waiting.js; the rest is the server's.
"use strict";

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const box = document.querySelector("form.search input");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  }
});

// A browser may keep a page whole and show it again as it was left. A form that was sent is
// opened anew then; one that was not stands as it was.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[method=post][data-sent]")) {
    window.location.reload();
  }
});

// A page of which something is still being made in the background renews itself, unless somebody writes in it.
const RENEWED = 5000;
function renew() {
  const fields = [...document.querySelectorAll("main input, main textarea")];
  const written = fields.some((field) => field.value !== field.defaultValue);
  if (document.hidden || written) window.setTimeout(renew, RENEWED);
  else window.location.replace(window.location.href);
}
if (document.querySelector("[data-renews]")) window.setTimeout(renew, RENEWED);

// What is typed is saved as one types. Where that fails the page says so, instead of the hour
// of the last time that it did not, and tries again.
const AGAIN = 15000;
function notSaved(event) {
  const { requestConfig, target, xhr } = event.detail;
  // 401 and 409 say themselves why not.
  if (!target || target.id !== "saved" || [401, 409].includes(xhr.status)) return;
  target.textContent = target.dataset.failed;
  window.setTimeout(() => window.htmx.trigger(requestConfig.elt, "change"), AGAIN);
}
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, notSaved);
}

// The server says it in plain words; a page is the network's own.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  const kind = xhr.getResponseHeader("Content-Type") || "";
  if (target && target.id === "saved" && !kind.startsWith("text/plain")) {
    event.detail.shouldSwap = false;
    notSaved(event);
  }
});

// What one click of a list does: its buttons wait for the answer; where none comes the page says so.
// The words stay in view, wherever the list was scrolled to, and the next Tab goes on from them.
function oneClick(event) {
  const form = event.detail.elt;
  return form.matches("form[hx-post]") ? [...form.querySelectorAll("button")] : [];
}
function showMessages() {
  const messages = document.getElementById("messages");
  messages.classList.add("afloat");
  messages.focus({ preventScroll: true });
}
document.addEventListener("htmx:beforeSend", (event) => {
  for (const button of oneClick(event)) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  for (const button of oneClick(event)) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const { elt, xhr } = event.detail;
    // 401 and 409 say themselves why not.
    if (!elt.matches("form[hx-post]") || [401, 409].includes(xhr.status)) return;
    const messages = document.getElementById("messages");
    const line = document.createElement("p");
    line.className = "message error";
    line.setAttribute("role", "alert");
    line.textContent = messages.dataset.failed;
    messages.replaceChildren(line);
    showMessages();
  });
}
document.addEventListener("htmx:afterSettle", (event) => {
  const { requestConfig } = event.detail;
  if (requestConfig && requestConfig.elt.matches("form[hx-select-oob*='#messages']")) showMessages();
});

// A household signs on the phone: what it draws goes into the hidden field beside it.
document.querySelectorAll("details[data-sign]").forEach((pad) => {
  const canvas = pad.querySelector("canvas");
  const field = pad.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  let drawing = false;

  function point(event) {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 3;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...point(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...point(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    drawing = false;
    field.value = canvas.toDataURL("image/png");
  });
  field.form.addEventListener("filled", () => {
    const picture = new Image();
    picture.addEventListener("load", () => pen.drawImage(picture, 0, 0));
    if (field.value) picture.src = field.value;
  });
  pad.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
});

// What is shown once can be copied: through the clipboard, or by selecting it where the page came by plain HTTP.
for (const button of document.querySelectorAll("[data-copy]")) {
  const shown = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(shown.textContent.trim());
    } else {
      getSelection().selectAllChildren(shown);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
  });
}

// Some pages are there to be printed.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
