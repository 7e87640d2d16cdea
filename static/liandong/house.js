// The little that the browser does by itself: Ctrl K, and visits that outlive a
// lost connection. Everything else is the server's.
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

// A form marked data-offline is kept on the phone when there is no connection, and
// sent again with the same key, which the server answers only once.
const QUEUE = "liandong.waiting";

function waiting() {
  return JSON.parse(localStorage.getItem(QUEUE) || "[]");
}

function keep(list) {
  localStorage.setItem(QUEUE, JSON.stringify(list));
  const note = document.querySelector("[data-waiting]");
  if (note) {
    note.hidden = list.length === 0;
    const count = note.querySelector("[data-count]");
    if (count) count.textContent = String(list.length);
  }
}

async function send(entry) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const body = new URLSearchParams(entry.body);
  if (token) body.set("csrfmiddlewaretoken", token.value);
  return fetch(entry.address, { method: "POST", body, redirect: "manual" });
}

async function sendWaiting() {
  const left = [];
  for (const entry of waiting()) {
    try {
      const answer = await send(entry);
      // A redirect means taken; 422 means that a person must look at it again.
      if (answer.type !== "opaqueredirect" && answer.status !== 422) left.push(entry);
      if (answer.status === 422) window.alert(document.body.dataset.askAgain || "");
    } catch {
      left.push(entry);
    }
  }
  keep(left);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-offline]") || navigator.onLine) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form)).toString();
  keep([...waiting(), { address: form.action, body }]);
  const note = document.querySelector("[data-waiting]");
  if (note) note.scrollIntoView();
});

window.addEventListener("online", sendWaiting);
document.addEventListener("DOMContentLoaded", () => {
  keep(waiting());
  if (navigator.onLine && waiting().length) sendWaiting();
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
  pad.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
});
