// Runs before the first paint, so that a dark page never flashes white; the design system's own script then takes over.
(() => {
  let scheme = "system";
  try {
    scheme = localStorage.getItem("scheme") || scheme;
  } catch {
    // Storage may be refused: the device's preference stands.
  }
  const prefersDark = scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-fr-theme", prefersDark ? "dark" : "light");
})();
