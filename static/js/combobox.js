/**
 * A text field that proposes what it may mean while it is typed: a combobox as ARIA describes it.
 *
 * `ask(text)` answers the options as a list of `{ label, detail }`, or throws; `choose(option)` takes the chosen one.
 */

const WAIT = 200;

export class Combobox {
  #input;
  #settings;
  #list = document.createElement("ul");
  #status = document.createElement("p");
  #options = [];
  #active = -1;
  #timer = 0;
  #asked = "";

  constructor(input, { id, label, shortest = 2, ask, choose, told, none = "" }) {
    this.#input = input;
    this.#settings = { id, shortest, ask, choose, told, none };
    this.#build(label);
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#pressed(event));
    input.addEventListener("blur", () => this.#close());
  }

  #build(label) {
    const around = document.createElement("div");
    around.className = "commune-field";
    this.#input.before(around);
    this.#list.className = "commune-options";
    this.#list.id = this.#settings.id;
    this.#list.hidden = true;
    for (const [name, value] of Object.entries({ role: "listbox", "aria-label": label })) this.#list.setAttribute(name, value);
    // Before the blur of the input, which would close the list.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const item = event.target.closest("[role='option']");
      if (item) this.#choose(Number(item.dataset.index));
    });
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
    clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    if (text.length < this.#settings.shortest) {
      this.#close();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(text), WAIT);
  }

  async #ask(text) {
    this.#asked = text;
    try {
      const options = await this.#settings.ask(text);
      if (this.#asked === text && document.activeElement === this.#input) this.#show(options);
    } catch {
      this.#close();
    }
  }

  #show(options) {
    this.#options = options;
    this.#active = -1;
    this.#list.replaceChildren(...options.map((option, index) => this.#item(option, index)));
    this.#list.hidden = options.length === 0;
    this.#input.setAttribute("aria-expanded", String(options.length > 0));
    this.#input.removeAttribute("aria-activedescendant");
    this.#status.textContent = options.length ? this.#settings.told(options.length) : this.#settings.none;
  }

  #item({ label, detail }, index) {
    const item = document.createElement("li");
    item.className = "commune-option";
    item.id = `${this.#settings.id}-${index}`;
    item.dataset.index = index;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const small = document.createElement("small");
    small.textContent = detail;
    item.append(label, small);
    return item;
  }

  #pressed(event) {
    const last = this.#options.length - 1;
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
    const option = this.#options[index];
    this.#close();
    this.#settings.choose(option);
    this.#status.textContent = `Choisi : ${option.label}.`;
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked = "";
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}
