/**
 * Rows with SGR sequences in one normal form: each row names the style of each of its parts,
 * however the capture came to it from the row before.
 *
 * @param rows as `tmux capture-pane -e` prints them; a style lasts beyond the end of a row
 */
export function styledRows(rows: readonly string[]): string[] {
  const style = new Map<string, string>();
  return rows.map((row) => {
    let normal = "";
    let shown = "";
    for (const [, sgr, charset, text] of row.matchAll(
      /\x1b\[([\d;:]*)m|([\x0e\x0f])|([^\x1b\x0e\x0f]+|\x1b)/g,
    )) {
      if (sgr !== undefined) apply(style, sgr.split(";"));
      else if (charset !== undefined) style.set("charset", charset === "\x0e" ? "line" : "");
      else {
        const now = [...style.values()]
          .filter((value) => value !== "")
          .toSorted()
          .join(" ");
        normal += now === shown ? text : `{${now}}${text}`;
        shown = now;
      }
    }
    return normal.trimEnd();
  });
}

/** One SGR sequence: attributes by their own number, colours by what they colour. */
function apply(style: Map<string, string>, params: readonly string[]): void {
  for (let i = 0; i < params.length; i += 1) {
    const param = params[i]!;
    const code = Number(param.split(":")[0]);
    if (code === 0) {
      const charset = style.get("charset") ?? "";
      style.clear();
      style.set("charset", charset);
    } else if (code === 38 || code === 48 || code === 58) {
      const length = params[i + 1] === "2" ? 5 : 3;
      style.set(layerOf(code), params.slice(i, i + length).join(";"));
      i += length - 1;
    } else if (code === 39 || code === 49 || code === 59) style.delete(layerOf(code));
    else if ((code >= 30 && code < 50) || (code >= 90 && code < 108)) {
      style.set(layerOf(code), param);
    } else style.set(param, param);
  }
}

function layerOf(code: number): string {
  if (code === 58 || code === 59) return "underline colour";
  return (code >= 40 && code < 50) || code >= 100 ? "background" : "foreground";
}
