/** Sharing that a browser may offer: its own menu, and the clipboard. What it lacks stays hidden. */

for (const section of document.querySelectorAll(".share")) {
  offerMenu(section.querySelector("[data-share]"));
  offerCopy(section.querySelector("[data-copy]"), section);
}

function offerMenu(item) {
  if (!item || !navigator.share) return;
  item.hidden = false;
  item.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.share({ title: item.dataset.title, url: item.dataset.address });
    } catch {
      // Who closes the menu shares nothing, and needs no word of it.
    }
  });
}

function offerCopy(item, section) {
  if (!item || !navigator.clipboard) return;
  const field = section.querySelector("[data-copied]");
  const status = section.querySelector("[data-copy-status]");
  item.hidden = false;
  item.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field ? field.value : item.dataset.address);
      status.textContent = section.dataset.copiedText ?? "Adresse copiée.";
    } catch {
      field?.select();
      status.textContent = "Copie impossible : copiez l’adresse au clavier.";
    }
  });
}
