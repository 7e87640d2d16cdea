// What a person's records look like while they wait in this browser: encrypted under a key of
// the person's own, which pages of that person are given and which is held in memory alone.
// After sign-out nobody reads them. Where storing is forbidden nothing is kept, and whoever
// asks is told so.
"use strict";

window.keeping = (() => {
  const PREFIX = "liandong.waiting.";
  const NOTHING = { getItem: () => null, setItem: null, removeItem: () => {} };
  // Who may read what is kept here, and with what; nobody at first.
  let person = null;

  const store = (() => {
    try {
      return window.localStorage || NOTHING;
    } catch {
      return NOTHING;
    }
  })();

  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const bytes = (words) => Uint8Array.from(atob(words), (each) => each.charCodeAt(0));

  const reader = () => (person ? person.who : null);

  async function readAs(who, key) {
    if (!who || !key || !window.crypto || !crypto.subtle) {
      person = null;
    } else if (reader() !== who) {
      const made = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, [
        "encrypt",
        "decrypt",
      ]);
      person = { who, key: made };
    }
  }

  const nameOf = (entry) => `${PREFIX}${entry.who}.${entry.key}`;
  const names = () => Object.keys(store).filter((each) => each.startsWith(PREFIX));
  const isMine = (name) => person && name.startsWith(`${PREFIX}${person.who}.`);
  const isKept = (entry) => store.getItem(nameOf(entry)) !== null;

  // Whether the entry lies here now.
  async function keep(entry) {
    if (reader() !== entry.who) return false;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: "AES-GCM", iv }, person.key, plain),
    );
    let letters = "";
    for (const each of sealed) letters += String.fromCharCode(each);
    try {
      store.setItem(nameOf(entry), JSON.stringify({ iv: text(iv), data: btoa(letters) }));
    } catch {
      return false; // no room, or storing is forbidden
    }
    return true;
  }

  async function opened(name) {
    try {
      const { iv, data } = JSON.parse(store.getItem(name));
      const algorithm = { name: "AES-GCM", iv: bytes(iv) };
      const plain = await crypto.subtle.decrypt(algorithm, person.key, bytes(data));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null; // taken or thrown away meanwhile
    }
  }

  const open = (key) => opened(nameOf({ who: reader(), key }));
  const drop = (entry) => store.removeItem(nameOf(entry));

  async function mine() {
    const found = await Promise.all(names().filter(isMine).map(opened));
    return found.filter(Boolean).sort((a, b) => a.at - b.at);
  }

  // Until now what waited lay open and was bound to nobody.
  const old = () => JSON.parse(store.getItem("liandong.waiting") || "[]");
  const dropOld = () => store.removeItem("liandong.waiting");

  return { reader, readAs, keep, isKept, open, drop, names, isMine, mine, old, dropOld };
})();
