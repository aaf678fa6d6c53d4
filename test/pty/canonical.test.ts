import { expect, test } from "bun:test";
import { isCanonical } from "../../src/pty/canonical.ts";
import { backends } from "../support/pty-child.ts";
import { waitFor } from "../support/wait-for.ts";

test.each([...backends])(
  "%s tells when the child takes its terminal out of canonical mode and back",
  async (_, spawn) => {
    const pty = spawn({
      file: "/bin/sh",
      args: ["-c", "stty raw -echo; read -r go; stty sane; read -r go"],
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      cwd: "/",
      size: { rows: 24, cols: 80 },
    });
    const read = (async () => {
      for await (const _chunk of pty.output);
    })();
    expect(pty.canonical).toBe(true);
    await waitFor("raw", () => pty.canonical === false);
    pty.write(new TextEncoder().encode("go\n"));
    await waitFor("canonical", () => pty.canonical === true);
    pty.close();
    expect(pty.canonical).toBeUndefined();
    await read;
    await pty.exited;
  },
);

test("what is no terminal does not say", () => {
  expect(isCanonical(-1)).toBeUndefined();
});
