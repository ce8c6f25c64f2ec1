/**
 * Saves the page to the server draft as each field is left: it posts the page's own form to its own address, and
 * reads from the page that answers the four findings, what this version is called, and what is wrong with the fields
 * that the person has left. One request at a time; what is typed meanwhile goes with the next. Files wait for a button.
 */

import { FIELD, showFault, showFindings, showList } from "./form-feedback.js";
import { rank } from "./rank.js";

const PAUSE = 600;
const PATIENCE = 20_000;
const DELAYS = [2_000, 5_000, 15_000, 30_000, 60_000];
const BEFORE_LEAVING = 4_000;
// What the page and not the person writes.
const OURS = ["csrfmiddlewaretoken", "seen", "page", "rank", "action"];

class Autosave {
  #form;
  #shown = document.querySelector("[data-save-state]");
  #said = document.querySelector("[data-save-said]");
  #stored;
  #left = new Set();
  #fresh = null;
  #timer = 0;
  #running = null;
  #request = null;
  #failures = 0;
  #trouble = "";
  #isLeaving = false;
  #isOver = false;

  constructor(form) {
    this.#form = form;
    this.#stored = document.querySelector("[data-unsaved]") ? "" : this.#typed();
    for (const type of ["change", "focusout", "click", "pointerup"]) {
      document.addEventListener(type, (event) => this.#noticed(event), true);
    }
    document.addEventListener("keyup", (event) => this.#pressed(event), true);
    form.addEventListener("submit", (event) => this.#submitted(event));
    addEventListener("pagehide", () => this.#flush());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.#flush() : this.#tryAgain()));
    addEventListener("pageshow", (event) => event.persisted && this.#cameBack());
    addEventListener("online", () => this.#trouble === "offline" && this.#save());
    addEventListener("beforeunload", (event) => this.#mustStay() && event.preventDefault());
    if (this.#stored) this.#show("Vos réponses sont enregistrées au fur et à mesure.");
    else this.#plan();
  }

  /* All that the person answered, files apart, as one string to compare. */
  #typed() {
    const theirs = [...this.#form.querySelectorAll("[data-from-server]")].map((field) => field.name);
    return String(this.#answers([...OURS, ...theirs, ...this.#proposed()]));
  }

  #answers(without) {
    const fields = [...new FormData(this.#form)].filter(([name, value]) => typeof value === "string" && !without.includes(name));
    return new URLSearchParams(fields);
  }

  /* What the page proposes is not the person's answer until they come by it, or press a button. */
  #proposed() {
    const fields = [...this.#form.querySelectorAll("[data-proposed]")];
    return fields.filter((field) => field.value === field.defaultValue && !this.#left.has(field.id)).map((field) => field.name);
  }

  #isDirty() {
    return this.#typed() !== this.#stored;
  }

  #noticed(event) {
    const group = event.target.closest?.(FIELD);
    if (event.type === "change" && group && this.#form.contains(group)) this.#left.add(event.target.id);
    if (event.type === "focusout" && event.target.matches?.("[data-proposed]")) this.#left.add(event.target.id);
    if (event.type === "focusout" && this.#fresh) setTimeout(() => this.#showFaults());
    this.#plan();
  }

  /* Keys that change an answer without typing it: a pin moved by its arrows. */
  #pressed(event) {
    if (!event.target.matches?.("input, textarea, select") && event.target.closest?.("form") === this.#form) this.#plan();
  }

  #plan(delay = PAUSE) {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => this.#save(), delay);
  }

  #save({ keepalive = false } = {}) {
    clearTimeout(this.#timer);
    if (this.#isOver || this.#isLeaving || this.#running || !this.#isDirty()) return this.#running;
    // A picture on its way carries the answers of when it left: what was typed since goes after it.
    if (!keepalive && this.#form.querySelector("[aria-busy='true']")) return null;
    const running = this.#post(keepalive).finally(() => {
      if (this.#running !== running) return;
      this.#running = null;
      if (!this.#trouble && this.#isDirty()) this.#plan();
    });
    this.#running = running;
    return running;
  }

  async #post(keepalive) {
    const typed = this.#typed();
    const body = this.#answers(["action", ...this.#proposed()]);
    body.set("action", "autosave");
    body.set("rank", rank());
    const request = new AbortController();
    this.#request = request;
    const patience = setTimeout(() => request.abort("late"), PATIENCE);
    if (!this.#trouble) this.#show("Enregistrement…");
    try {
      const answer = await fetch(location.pathname, {
        method: "POST",
        body,
        keepalive: keepalive && String(body).length < 60_000,
        redirect: "manual",
        signal: request.signal,
      });
      await this.#read(answer, typed);
    } catch (error) {
      if (error !== "leaving") this.#retry("offline", "Pas enregistré\u00a0: connexion perdue, nouvel essai…");
    } finally {
      clearTimeout(patience);
    }
  }

  async #read(answer, typed) {
    if (answer.status === 200) return this.#took(await answer.text(), typed);
    if (answer.status === 401) return this.#expired();
    if (answer.status === 403) return this.#renew();
    if (answer.status === 409) return this.#conflicts();
    if (answer.type === "opaqueredirect" || answer.status === 404) return this.#closed();
    return this.#retry("server", "Pas enregistré\u00a0: le site ne répond pas bien, nouvel essai…");
  }

  #took(html, typed) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (!fresh.querySelector("[data-form]")) return this.#retry("server", "Pas enregistré, nouvel essai…");
    const wasInTrouble = this.#trouble !== "";
    this.#trouble = "";
    this.#failures = 0;
    tellUnsaved();
    for (const field of this.#form.querySelectorAll("[data-from-server]")) {
      field.value = fresh.getElementById(field.id)?.value ?? field.value;
    }
    this.#stored = typed;
    this.#show(`Enregistré à ${clock()}`);
    this.#fresh = fresh;
    const said = [...this.#showFaults(), ...showFindings(fresh)];
    showList(fresh);
    if (wasInTrouble) said.unshift("Votre saisie est enregistrée.");
    if (said.length) this.#say(said.join(" "));
  }

  /* Only beside the fields that the person has changed and left, or that already bear a fault. */
  #showFaults() {
    const said = [];
    for (const block of this.#form.querySelectorAll(".fr-messages-group[id$='_error']")) {
      this.#left.add(block.id.replace(/_error$/, ""));
    }
    for (const id of this.#left) {
      const field = document.getElementById(id);
      if (!field || field === document.activeElement || field.contains(document.activeElement)) continue;
      const told = showFault(field, this.#fresh);
      if (told) said.push(told);
    }
    return said;
  }

  #retry(trouble, words) {
    const isNews = this.#trouble !== trouble;
    this.#trouble = trouble;
    this.#show(words, "fault");
    if (isNews) this.#say(words);
    this.#plan(DELAYS[Math.min(this.#failures++, DELAYS.length - 1)]);
  }

  /* Signed in again in another tab: the page's token is an old one. */
  async #renew() {
    const answer = await fetch(location.pathname, { redirect: "manual" });
    if (answer.type === "opaqueredirect") return this.#expired();
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = fresh && fresh.querySelector("[data-form] [name='csrfmiddlewaretoken']")?.value;
    if (!token || this.#failures > 2) return this.#stop("Pas enregistré\u00a0: rechargez la page après avoir copié vos textes longs.");
    this.#form.elements.namedItem("csrfmiddlewaretoken").value = token;
    this.#failures += 1;
    this.#plan(0);
  }

  #expired() {
    this.#stop("Votre session a expiré. Votre saisie est intacte dans cette page\u00a0:", "Se reconnecter et la reprendre");
    this.#trouble = "expired";
  }

  /* Perhaps signed in again in another tab. */
  #tryAgain() {
    if (this.#trouble !== "expired") return;
    this.#isOver = false;
    this.#plan(0);
  }

  #conflicts() {
    this.#stop("Pas enregistré\u00a0: une autre version de cette page a été enregistrée ailleurs.", "Comparer les deux versions");
  }

  #closed() {
    this.#stop("Pas enregistré\u00a0: cette demande n’est plus modifiable.");
  }

  /* Nothing more goes by itself; the button posts the page as any other does, and the server says what follows. */
  #stop(words, label = "") {
    this.#isOver = true;
    this.#trouble = "stopped";
    clearTimeout(this.#timer);
    this.#show(words, "fault");
    this.#say(words);
    if (!label) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "submit", name: "action", value: "save", textContent: label, className: "fr-btn fr-btn--sm fr-btn--secondary" });
    button.setAttribute("form", this.#form.id);
    this.#shown.append(" ", button);
  }

  #submitted(event) {
    if (this.#isLeaving) return event.preventDefault();
    clearTimeout(this.#timer);
    if (!this.#running) {
      this.#form.elements.namedItem("rank").value = rank();
      this.#isLeaving = true;
      // The person may have stopped the browser.
      setTimeout(() => (this.#isLeaving = false), PATIENCE);
      return;
    }
    // The version in flight first, that the button's own comes last.
    event.preventDefault();
    const { submitter } = event;
    const slow = setTimeout(() => this.#request.abort("leaving"), BEFORE_LEAVING);
    this.#running.finally(() => {
      clearTimeout(slow);
      this.#form.requestSubmit(submitter);
    });
  }

  #flush() {
    if (this.#isLeaving || !this.#isDirty() || this.#isOver) return;
    this.#request?.abort("leaving");
    this.#running = null;
    this.#save({ keepalive: true });
  }

  #cameBack() {
    this.#isLeaving = false;
    this.#running = null;
    this.#plan();
  }

  /* What leaving would lose: a file that no button sent, or answers that cannot be saved now. */
  #mustStay() {
    const hasFile = [...this.#form.querySelectorAll("input[type='file']")].some((field) => field.files.length > 0);
    return !this.#isLeaving && (hasFile || (this.#trouble !== "" && this.#isDirty()));
  }

  #show(words, kind = "") {
    this.#shown.hidden = false;
    this.#shown.textContent = words;
    this.#shown.classList.toggle("save-state--fault", kind === "fault");
  }

  #say(words) {
    this.#said.textContent = words;
  }
}

/* What was kept through a sign-in is saved by now; it may have the focus, so it stays. */
function tellUnsaved() {
  const kept = document.querySelector("[data-unsaved]");
  if (!kept) return;
  kept.removeAttribute("data-unsaved");
  kept.querySelector("p").textContent = "Elle est maintenant enregistrée\u00a0: vérifiez-la.";
}

function clock() {
  const now = new Date();
  return `${now.getHours()}\u00a0h\u00a0${String(now.getMinutes()).padStart(2, "0")}`;
}

const form = document.querySelector("[data-form]");
if (form) new Autosave(form);
