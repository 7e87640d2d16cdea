// The little that the browser does by itself: Ctrl K, the way back, the signature. What
// outlives a lost connection is in waiting.js; everything else is the server's.
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
