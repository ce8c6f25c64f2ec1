/** Keeps the addresses of searches short: fields left empty are not sent. */

for (const form of document.querySelectorAll("form[data-filters]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "") formData.delete(name);
    }
  });
}
