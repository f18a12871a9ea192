// Offers the fair's own companies while one types a name; choosing one sets its country.

for (const input of document.querySelectorAll("[data-companies]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-known`;
  input.after(list);
  input.setAttribute("list", list.id);
  const country = document.getElementById(input.dataset.country);
  let known = [];
  let wait = 0;
  const offer = async () => {
    const words = input.value.trim();
    const chosen = known.find((one) => one.name === words);
    if (chosen) {
      if (country) country.value = chosen.country;
      return;
    }
    if (words.length < 2) return;
    const answer = await fetch(`${input.dataset.companies}?q=${encodeURIComponent(words)}`);
    if (!answer.ok) return;
    known = (await answer.json()).companies;
    list.replaceChildren(...known.map((one) => Object.assign(document.createElement("option"), { value: one.name })));
  };
  input.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(offer, 250);
  });
}
