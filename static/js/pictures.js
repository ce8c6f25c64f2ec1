/**
 * Refuses a file that is too heavy before it travels; in a draft, sends a picture as soon as it is chosen, with the
 * page's own form, and shows the rows that come back. Where sending is publishing, the page's button does it, once the
 * picture has its words. Without it the page's buttons do the same.
 */

import { rank } from "./rank.js";

const TYPES = ["image/png", "image/jpeg", "image/webp"];

class Pictures {
  #section;
  #form;
  #isDraft;

  constructor(section) {
    this.#section = section;
    this.#form = section.closest("form");
    this.#isDraft = this.#form.matches("[data-form]");
    section.addEventListener("change", (event) => {
      if (event.target.matches("input[type='file']") && event.target.files.length) this.#chosen(event.target);
    });
    section.addEventListener("click", (event) => {
      const button = event.target.closest("[data-picture-action]");
      if (!button || !this.#isDraft) return;
      event.preventDefault();
      this.#send(button.value, "Retrait en cours…", "L’image est retirée.");
    });
  }

  #chosen(input) {
    const [file] = input.files;
    const fault = faultOf(file, Number(input.dataset.most));
    showFault(input, fault);
    if (fault) {
      this.#say("");
      input.value = "";
      return;
    }
    if (this.#isDraft) this.#send("add-picture", "Envoi du fichier…", "Le fichier est reçu\u00a0: dites maintenant ce qu’il montre.");
  }

  #send(action, meanwhile, done) {
    const body = new FormData(this.#form);
    body.set("action", action);
    body.set("rank", rank());
    const request = new XMLHttpRequest();
    const progress = this.#section.querySelector("[data-picture-progress]");
    request.open("POST", location.pathname);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      progress.hidden = false;
      progress.max = event.total;
      progress.value = event.loaded;
    });
    request.addEventListener("loadend", () => this.#read(request, done));
    this.#say(meanwhile);
    this.#section.setAttribute("aria-busy", "true");
    request.send(body);
  }

  #read(request, done) {
    this.#section.removeAttribute("aria-busy");
    // What was typed meanwhile may be saved now.
    setTimeout(() => this.#section.dispatchEvent(new Event("change", { bubbles: true })));
    this.#section.querySelector("[data-picture-progress]").hidden = true;
    const fresh = request.response?.querySelector("[data-pictures]");
    if (!fresh) {
      this.#say("Le site n’a pas répondu\u00a0: le fichier partira quand vous enregistrerez la page.");
      return;
    }
    const before = new Set([...this.#section.querySelectorAll("[id]")].map((element) => element.id));
    this.#section.replaceChildren(...document.importNode(fresh, true).childNodes);
    for (const field of document.querySelectorAll("[data-from-server]")) {
      field.value = request.response.getElementById(field.id)?.value ?? field.value;
    }
    const fault = this.#section.querySelector(".fr-upload-group--error input");
    const added = [...this.#section.querySelectorAll("input[name^='picture-']")].find((input) => !before.has(input.id));
    (fault ?? added ?? this.#section).focus();
    this.#say(fault ? "Le fichier n’est pas accepté." : done);
  }

  #say(words) {
    this.#section.querySelector("[data-picture-status]").textContent = words;
  }
}

function faultOf(file, most) {
  if (file.size > most) {
    const weight = (file.size / 1e6).toLocaleString("fr", { maximumFractionDigits: 1 });
    return `Ce fichier pèse ${weight}\u00a0Mo\u00a0: 8\u00a0Mo au plus. Formats acceptés\u00a0: PNG, JPEG et WebP.`;
  }
  // A file without a known type is for the server to read.
  return file.type && !TYPES.includes(file.type) ? "Ce fichier n’est pas une image acceptée. Formats acceptés\u00a0: PNG, JPEG et WebP." : "";
}

/* As the server writes it: beside the field, tied to it. */
function showFault(input, words) {
  const group = input.closest(".fr-upload-group");
  const id = `${input.id}_error`;
  group.querySelector(`[id='${id}']`)?.remove();
  group.classList.toggle("fr-upload-group--error", words !== "");
  const names = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== id);
  input.setAttribute("aria-describedby", (words ? [...names, id] : names).join(" "));
  if (!words) {
    input.removeAttribute("aria-invalid");
    return;
  }
  input.setAttribute("aria-invalid", "true");
  const block = document.createElement("div");
  block.className = "fr-messages-group";
  block.id = id;
  const message = document.createElement("p");
  message.className = "fr-message fr-message--error";
  message.setAttribute("role", "alert");
  message.textContent = words;
  block.append(message);
  group.append(block);
}

for (const section of document.querySelectorAll("[data-pictures]")) new Pictures(section);
