export interface Picture {
  readonly screen: string;
  readonly width: number;
  readonly theme: string;
  readonly file: string;
}

/** A page with one row per screen and one column per width and theme. */
export function contactSheet(pictures: readonly Picture[]): string {
  const columns = [...new Set(pictures.map(({ width, theme }) => `${width} ${theme}`))];
  const screens = [...new Set(pictures.map(({ screen }) => screen))];
  const cell = (screen: string, column: string): string => {
    const found = pictures.find(
      (picture) => picture.screen === screen && `${picture.width} ${picture.theme}` === column,
    );
    if (found === undefined) return '<td></td>';
    return `<td><a href="${found.file}"><img src="${found.file}" alt="${screen} at ${column}" loading="lazy"></a></td>`;
  };
  const rows = screens.map(
    (screen) => `<tr><th scope="row">${screen}</th>${columns.map((column) => cell(screen, column)).join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Screens of QuantDesk</title>
<style>
  body { margin: 16px; font: 13px system-ui; background: #777; }
  th { padding: 4px 8px; text-align: left; color: #fff; }
  td { padding: 4px; vertical-align: top; }
  img { width: 360px; display: block; }
</style>
<table>
<thead><tr><th></th>${columns.map((column) => `<th scope="col">${column}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</html>
`;
}
