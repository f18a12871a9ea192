// Light or dark by the person's choice, kept in a cookie so that the server draws the page right at once.

const YEAR = 365 * 24 * 3600;

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function show(button) {
  button.setAttribute("aria-pressed", String(isDark()));
}

export function offerThemes() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    show(button);
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
      show(button);
      document.dispatchEvent(new CustomEvent("themechange"));
    });
  }
}
