/**
 * Completes the name of a commune while it is typed: a combobox as ARIA describes it, over `places:communes`.
 * The choice is told to the page by a "place:chosen" event. Without it, the server finds the commune.
 */

const WAIT = 200;
const SHORTEST = 2;

class CommuneField {
  #input;
  #code;
  #list;
  #status;
  #url;
  #communes = [];
  #active = -1;
  #timer = 0;
  #asked = "";

  constructor(root) {
    this.#input = root.querySelector("input[name='commune']");
    this.#code = root.querySelector("input[name='commune_code']");
    this.#url = root.dataset.url;
    this.#build();
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#input.addEventListener("blur", () => this.#close());
  }

  #build() {
    const around = document.createElement("div");
    around.className = "commune-field";
    this.#input.before(around);
    this.#list = document.createElement("ul");
    this.#list.className = "commune-options";
    this.#list.id = "communes-proposees";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "Communes proposées");
    this.#list.hidden = true;
    // Before the blur of the input, which would close the list.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role='option']");
      if (option) this.#choose(Number(option.dataset.index));
    });
    this.#status = document.createElement("p");
    this.#status.className = "fr-sr-only";
    this.#status.setAttribute("role", "status");
    around.append(this.#input, this.#list, this.#status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.#list.id,
    })) {
      this.#input.setAttribute(name, value);
    }
  }

  #typed() {
    if (this.#code?.type === "hidden") this.#code.value = "";
    clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    if (text.length < SHORTEST) {
      this.#close();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(text), WAIT);
  }

  async #ask(text) {
    this.#asked = text;
    try {
      const response = await fetch(`${this.#url}?q=${encodeURIComponent(text)}`);
      const { communes = [] } = response.ok ? await response.json() : {};
      if (this.#asked === text && document.activeElement === this.#input) this.#show(communes);
    } catch {
      this.#close();
    }
  }

  #show(communes) {
    this.#communes = communes;
    this.#active = -1;
    this.#list.replaceChildren(...communes.map((commune, index) => option(commune, index)));
    this.#list.hidden = communes.length === 0;
    this.#input.setAttribute("aria-expanded", String(communes.length > 0));
    this.#input.removeAttribute("aria-activedescendant");
    this.#status.textContent = communes.length
      ? `${communes.length} commune${communes.length > 1 ? "s proposées" : " proposée"}.`
      : "Aucune commune trouvée.";
  }

  #pressed(event) {
    const last = this.#communes.length - 1;
    if (this.#list.hidden) return;
    if (event.key === "ArrowDown") this.#activate(this.#active < last ? this.#active + 1 : 0);
    else if (event.key === "ArrowUp") this.#activate(this.#active > 0 ? this.#active - 1 : last);
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
  }

  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((item, position) => {
      item.setAttribute("aria-selected", String(position === index));
    });
    const current = this.#list.children[index];
    current.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", current.id);
  }

  #choose(index) {
    const commune = this.#communes[index];
    this.#input.value = commune.label;
    if (this.#code) this.#code.value = commune.code;
    this.#close();
    this.#status.textContent = `${commune.label} choisie.`;
    document.dispatchEvent(new CustomEvent("place:chosen", { detail: commune }));
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked = "";
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}

function option(commune, index) {
  const item = document.createElement("li");
  item.className = "commune-option";
  item.id = `commune-proposee-${index}`;
  item.dataset.index = index;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const departement = document.createElement("small");
  departement.textContent = commune.departement;
  item.append(commune.label, departement);
  return item;
}

for (const root of document.querySelectorAll("[data-commune]")) new CommuneField(root);
