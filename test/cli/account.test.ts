import { expect, test } from "bun:test";
import { homeFolders, passwdHome } from "../../src/cli/account.ts";

const passwd = `root:x:0:0:root:/root:/bin/bash
ann:x:1000:1000:Ann,,,:/home/ann:/bin/zsh
bob:x:10000:1000::/srv/bob:
odd:x:1001:1001:::
`;

test.each([
  [1000, "/home/ann"],
  [10_000, "/srv/bob"],
  [0, "/root"],
  [1001, undefined],
  [4, undefined],
  [undefined, undefined],
])("the account %p lives in %p", (uid, home) => {
  expect(passwdHome(passwd, uid)).toBe(home as string);
});

test("the account's home counts, and $HOME, whatever that says", () => {
  const code = `import { homeFolders } from "./src/cli/account.ts"; console.log(JSON.stringify(homeFolders()))`;
  const run = Bun.spawnSync([process.execPath, "-e", code], { env: { HOME: "/else/where" } });
  const homes: unknown = JSON.parse(run.stdout.toString());
  const [account] = homeFolders();
  expect(homes).toEqual([...new Set([account, "/else/where"])]);
  expect(account).toStartWith("/");
});
