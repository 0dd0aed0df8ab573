// In a narrow window each row of a .table is a card without a head: every cell says which column it is of.
function heading(cell) {
  const copy = cell.cloneNode(true);
  for (const hidden of copy.querySelectorAll(".visually-hidden, svg")) hidden.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function label(table) {
  const headings = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])]
    .flatMap((cell) => Array(cell.colSpan).fill(heading(cell)));
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    let column = 0;
    for (const cell of row.cells) {
      const name = [...new Set(headings.slice(column, column + cell.colSpan))].filter(Boolean).join(", ");
      const empty = !cell.textContent.trim() && !cell.querySelector("input, select, button, svg, progress");
      if (empty) cell.dataset.label = "";
      else if (name) cell.dataset.label = name;
      column += cell.colSpan;
    }
  }
}

function labelAll(within) {
  const outside = within.closest?.(".table table");
  for (const table of [...(outside ? [outside] : []), ...within.querySelectorAll(".table table")]) label(table);
}

labelAll(document);
document.addEventListener("htmx:load", ({ target }) => labelAll(target));
