/**
 * Fills an organisation's name and nature from the State's directory once its number is typed, where they are empty,
 * and says what it found. Without it, saving the page does the same.
 */

const WAIT = 400;

class NumberField {
  #input;
  #form;
  #status;
  #timer = 0;
  #asked = "";

  constructor(input) {
    this.#input = input;
    this.#form = input.form;
    this.#status = document.createElement("p");
    this.#status.className = "fr-hint-text fr-mt-1w";
    this.#status.setAttribute("role", "status");
    input.after(this.#status);
    input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#typed(), WAIT);
    });
    input.addEventListener("change", () => this.#typed());
  }

  #typed() {
    clearTimeout(this.#timer);
    const number = this.#input.value.replaceAll(/\s/g, "").toUpperCase();
    if (number === this.#asked) return;
    this.#asked = number;
    this.#status.textContent = "";
    if (/^(\d{14}|\d{7}[A-Z])$/.test(number)) this.#ask(number);
  }

  async #ask(number) {
    this.#status.textContent = "Recherche dans l’annuaire des entreprises…";
    let told = null;
    let registered = null;
    try {
      const response = await fetch(`${this.#input.dataset.directory}?siret=${encodeURIComponent(number)}`);
      const answer = response.ok && !response.redirected ? await response.json() : {};
      told = answer.establishment ?? null;
      registered = answer.registered ?? null;
    } catch {
      told = null;
    }
    if (this.#asked !== number) return;
    if (registered) this.#status.textContent = `«\u00a0${registered}\u00a0» est déjà enregistré avec ce numéro\u00a0: votre demande lui sera rattachée, et ses responsables en seront avertis.`;
    else this.#show(told);
  }

  #show(told) {
    if (!told) {
      this.#status.textContent = "Pas de réponse de l’annuaire pour ce numéro\u00a0: saisissez le nom vous-même.";
      return;
    }
    this.#fill("name", told.name);
    this.#fill("kind", told.kind);
    const found = [told.name, told.address].filter(Boolean).join(", ");
    this.#status.textContent = told.is_closed
      ? `${found}. Cet établissement est fermé d’après l’annuaire\u00a0: vérifiez son numéro.`
      : `Trouvé dans l’annuaire\u00a0: ${found}.`;
  }

  /* What a person typed stays. */
  #fill(name, value) {
    const field = this.#form.elements.namedItem(name);
    if (!field || field.value || !value) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

for (const input of document.querySelectorAll("[data-directory]")) new NumberField(input);
