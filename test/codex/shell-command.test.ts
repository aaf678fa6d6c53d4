import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { workOfCommand } from "../../src/codex/shell-command.ts";

const table: readonly (readonly [string | readonly string[], string])[] = [
  // Reading: the file's base name.
  ["cat README.md", "reading README.md"],
  ["cat /home/me/secret-project/src/main.rs", "reading main.rs"],
  ["cat 'My File.txt' other", "reading My File.txt"],
  ["sed -n '1,20p' src/greet.ts", "reading greet.ts"],
  ["sed -n -e 5p src/greet.ts", "reading greet.ts"],
  ["sed -ne '1,5p' src/a.ts", "reading a.ts"],
  ["head -n 5 notes.txt", "reading notes.txt"],
  ["head -20 notes.txt", "reading notes.txt"],
  ["tail -n +3 -f log/app.log", "reading app.log"],
  ["nl -ba src/x.c", "reading x.c"],
  ["nl -b a src/x.c | sed -n '1,5p'", "reading x.c"],
  ["awk -F : '{print $1}' /etc/passwd", "reading passwd"],
  ["jq .name package.json", "reading package.json"],
  ["wc -l src/*.ts", "reading"],
  ['cat "$FILE"', "reading"],
  ["cat", "reading"],
  ["ls -la src/secret", "reading ls"],
  ["tree", "reading tree"],
  ["pwd", "reading pwd"],
  ["git diff HEAD~1 -- src/secret.ts", "reading git diff"],
  ["git -C /srv/acme -c user.name=me --no-pager log -5", "reading git log"],
  ["git show HEAD:src/x.ts", "reading git show"],
  // Searching: the program, never the pattern.
  ['rg "acme merger price" src/', "searching rg"],
  ["grep -rn 'password=hunter2' .", "searching grep"],
  ["find . -name '*.ts' -newer x", "searching find"],
  ["rg --files", "searching rg"],
  ["git grep -n merger", "searching git grep"],
  // Editing.
  ["cat > src/new.ts <<'EOF'\nrm -rf /\nEOF", "editing new.ts"],
  ["cat <<EOF >> notes.md\nnpm test\nEOF\n", "editing notes.md"],
  ["echo hi > a/b.txt", "editing b.txt"],
  ["printf x | tee out.log", "editing out.log"],
  ["sed -i 's/a/b/' src/x.ts", "editing x.ts"],
  ["sed -i -e 's/a/b/' src/x.ts", "editing x.ts"],
  ["sed -i.bak s/a/b/ src/x.ts", "editing x.ts"],
  [
    "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: src/a.ts\n@@\n*** End Patch\nEOF",
    "editing a.ts",
  ],
  [["apply_patch", "*** Begin Patch\n*** Add File: b.ts\n+x\n*** End Patch"], "editing b.ts"],
  ["git apply fix.patch", "editing git apply"],
  // Running: program and well-known subcommand.
  ["npm test", "running npm test"],
  ["npm run deploy-acme", "running npm run"],
  ["npm --silent test -- --grep secret", "running npm test"],
  ["yarn deploy-acme", "running yarn"],
  ["cargo build --release", "running cargo build"],
  ["cargo +nightly test", "running cargo test"],
  ["go test ./...", "running go test"],
  ["git rebase -i main", "running git rebase"],
  ["git commit -m 'fix the secret thing'", "running git commit"],
  ["git acme-sync", "running git"],
  ["docker compose up", "running docker compose up"],
  ["make acme-release", "running make"],
  ["pytest -k secret tests/", "running pytest"],
  ["python -m pytest -q", "running pytest"],
  ["python3 -m acme.tool", "running python3"],
  ["python scripts/tool.py --token abc", "running tool.py"],
  ["python -c 'print(1)'", "running python"],
  ["node -e 'x()'", "running node"],
  ["node dist/server.js", "running server.js"],
  ["bash scripts/build.sh fast", "running build.sh"],
  ["./scripts/deploy.sh prod", "running deploy.sh"],
  ["/usr/bin/cargo build", "running cargo build"],
  ["curl -H 'Authorization: Bearer x' https://acme.example/secret", "running curl"],
  ["psql postgres://u:p@h/db", "running psql"],
  ["touch approved-$(date +%s)", "running touch"],
  ["$RUNNER test", "running"],
  ["cargo build > build.log 2>&1", "running cargo build"],
  // What only runs, prepares or surrounds another program.
  ["bash -lc 'npm test'", "running npm test"],
  [["/bin/bash", "-lc", "cat README.md"], "reading README.md"],
  [["bash", "-lc", "cd x && sed -n '1,5p' y/z.txt"], "reading z.txt"],
  [["cargo", "test", "--", "name with spaces"], "running cargo test"],
  [["cat", "a b.txt"], "reading a b.txt"],
  ['bash -c "bash -c \'bash -c \\"cat deep.txt\\"\'"', "reading deep.txt"],
  ["FOO=bar BAZ='a b' npm test", "running npm test"],
  ["env -u A B=c npm test", "running npm test"],
  ["sudo -u postgres psql -c 'select secret'", "running psql"],
  ["sudo", "running sudo"],
  ["timeout 10 cargo test", "running cargo test"],
  ["timeout -k 5 10s cargo test", "running cargo test"],
  ["time nice -n 5 make", "running make"],
  ["cd /srv/acme && npm test", "running npm test"],
  ["cd /srv/acme; ls && cat x.md", "reading ls"],
  ["cd x", "running cd"],
  ["set -e\ncargo build\ncat x", "running cargo build"],
  ["echo hello", "running echo"],
  ["echo start && npm ci", "running npm ci"],
  ["cat a.txt | grep secret | head", "reading a.txt"],
  ["ps aux | grep codex", "running ps"],
  ["find . -name x | xargs cat", "searching find"],
  ["(cd x && cargo test)", "running cargo test"],
  ["{ cat x.txt; }", "reading x.txt"],
  ['for f in a b; do cat "$f"; done', "reading"],
  ["if grep -q x y; then npm test; fi", "searching grep"],
  ["while true; do sleep 1; done", "running true"],
  ["! cargo test", "running cargo test"],
  ["# a comment\ncat x.txt # another", "reading x.txt"],
  ["cat \\\n  x.txt", "reading x.txt"],
  ["x=$(cat secret.txt) npm test", "running npm test"],
  ["cat <<'EOF'\nnpm test\nEOF\nls", "reading"],
  ["cat <<-EOF | wc\n\tx\n\tEOF\n", "reading"],
  ["cat <<< 'here' > z.txt", "editing z.txt"],
  ["npm test 2>/dev/null &", "running npm test"],
  // After a flag that looks secret, nothing counts.
  ["cat --password hunter2", "reading"],
  ["head --api-key=abc key.txt", "reading"],
  // Never a URL.
  ["cat https://acme.example/x", "reading"],
  // Broken or empty.
  ["", "running"],
  ["   ", "running"],
  ["'unfinished quote", "running"],
  ['cat "unfinished', "reading unfinished"],
  ["$(", "running"],
  ["&& || ;", "running"],
  [[], "running"],
  [[""], "running"],
  ["cat 'x\u001b]0;evil\u0007y.txt'", "reading x]0;evily.txt"],
];

test.each(table)("%j is %s", (command, expected) => {
  const { kind, target } = workOfCommand(command);
  expect(target === undefined ? kind : `${kind} ${target}`).toBe(expected);
});

// What takes quadratic time does not end within the limit of a test.
test("a long script is looked at only from its beginning", () => {
  expect(workOfCommand(`cat x.txt\n${"echo 'a' \"b\" $(c) ".repeat(200_000)}`)).toEqual({
    kind: "reading",
    target: "x.txt",
    path: "x.txt",
  });
  workOfCommand("(".repeat(500_000));
  workOfCommand("$(".repeat(500_000));
  workOfCommand("bash -c '".repeat(50_000));
  workOfCommand("<<".repeat(50_000));
  for (const part of ["{ ", "sudo ", "A=b ", "eval ", "f() ", "[[ (", "cat <<A\n"]) {
    workOfCommand(part.repeat(10_000));
  }
});

test("no script makes it throw or name more than one short line", () => {
  const piece = fc.constantFrom(
    ..."' \" \\ $ ` ( ) { } ; & | < > \n # = - cat sed -i bash -lc sudo env EOF << tee git".split(
      " ",
    ),
    " ",
    "\n",
  );
  const script = fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 40 });
  fc.assert(
    fc.property(script, (parts) => {
      const { target = "" } = workOfCommand(parts.join(""));
      return target.length <= 64 && !/[\u0000-\u001f]/.test(target);
    }),
    { numRuns: 500 },
  );
});

test.each<[string, string | undefined]>([
  ["cat src/a.ts", "src/a.ts"],
  ["cat /etc/hosts", "/etc/hosts"],
  ["sed -i s/a/b/ src/a.ts", "src/a.ts"],
  ["echo x > out.txt", "out.txt"],
  ["cd /etc && cat hosts", undefined],
  ["cd x; pushd y; cat a.ts", undefined],
  ["cd x && cat /srv/a.ts", "/srv/a.ts"],
  ["bash -lc 'cd x && cat a.ts'", undefined],
  ["cd x && bash -c 'cat a.ts'", undefined],
  ["npm test", undefined],
  // Not below the session's folder, however it looks.
  ["cat ~/.ssh/id_rsa", undefined],
  ["cat ~me/notes.txt", undefined],
  ["cat '%USERPROFILE%\\notes.txt'", undefined],
  ["echo x > ~/notes.txt", undefined],
  ["env -C /etc cat passwd", undefined],
  ["env --chdir=/etc cat passwd", undefined],
  ["sudo -D /etc cat passwd", undefined],
  ["sudo -iu deploy cat notes.txt", undefined],
  ["su - deploy -c 'cat notes.txt'", undefined],
  ["chroot /mnt cat notes.txt", undefined],
  ["sudo cat notes.txt", "notes.txt"],
  ["env A=b cat notes.txt", "notes.txt"],
  ["cat src/../../notes.txt", "src/../../notes.txt"],
])("the place of the file in %p is %p", (command, path) => {
  expect(workOfCommand(command).path).toBe(path);
});
