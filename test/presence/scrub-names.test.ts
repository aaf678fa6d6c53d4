import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { scrubberFor } from "../../src/presence/scrub.ts";

const scrub = (names: readonly string[], text: string): string =>
  scrubberFor({ words: [], home: undefined, names }).line(text) ?? "";

const jane = ["Jane Quillfeather", "jq@acme-corp.example", "jdoe", "Janes-MacBook-Pro"];

test.each<[string, string]>([
  ["jane-quillfeather/fix-login", "…/fix-login"],
  ["fix/jane-quillfeather", "fix/…"],
  ["Jane Quillfeather", ""],
  ["JANE QUILLFEATHER's app", "…'s app"],
  ["Quillfeather, Jane: x", "…: x"],
  ["quillfeather.jane x", "… x"],
  ["quillfeather_jane x", "… x"],
  ["jane--quillfeather x", "… x"],
  ["jane/quillfeather x", "… x"],
  ["jane._-quillfeather x", "… x"],
  ["janequillfeather x", "… x"],
  ["quillfeatherjane x", "… x"],
  ["JaneQuillfeather x", "… x"],
  ["QuillfeatherJane x", "… x"],
  ["janeQuillfeatherApp x", "…App x"],
  ["FixJaneQuillfeather x", "Fix… x"],
  ["janequillfeather42 x", "… x"],
  ["jquillfeather x", "… x"],
  ["j-quillfeather x", "… x"],
  ["J. Quillfeather x", "… x"],
  ["Quillfeather, J. x", "…, J. x"],
  ["quillfeatherj x", "… x"],
  ["janeq x", "… x"],
  ["jane-q x", "… x"],
  ["quillfeather x", "… x"],
  ["jane x", "… x"],
  ["Jane's x", "…'s x"],
  ["Ｊａｎｅ Ｑｕｉｌｌｆｅａｔｈｅｒ x", "… x"],
  ["j\u00e1ne-quillfe\u00e0ther x", "… x"],
  ["jane\u200B-quill\u00ADfeather x", "… x"],
  ["jq/x", "…/x"],
  ["acme-corp/x", "…/x"],
  ["acmecorp x", "… x"],
  ["jdoe/x", "…/x"],
  ["janes-macbook-pro x", "… x"],
  // A piece of camel case is a word, and a slash joins words of any script.
  ["fixJane x", "fix… x"],
  ["JaneBranch2 x", "…Branch2 x"],
  ["ticketJANE12 x", "ticket…12 x"],
  ["jane%20quillfeather x", "… x"],
  ["jane%2Equillfeather x", "… x"],
  ["50%jane x", "50%… x"],
  ["2024quillfeather x", "… x"],
  // Not out of the middle of another word.
  ["janet-quillfeathers x", "janet-quillfeathers x"],
  ["Janeway x", "Janeway x"],
  ["requillfeather x", "requillfeather x"],
  ["jdoes x", "jdoes x"],
  ["acme x", "acme x"],
  ["corp x", "corp x"],
  ["macbook-pro x", "macbook-pro x"],
])("of Jane Quillfeather, %j reads %j", (text, expected) => {
  expect(scrub(jane, text)).toBe(expected);
});

test.each<[string, string, string]>([
  ["José Núñez", "jose-nunez x", "… x"],
  ["José Núñez", "JosÉ-NuÑez x", "… x"],
  ["Jose Nunez", "josé.núñez x", "… x"],
  ["Jürgen Müller", "juergen-mueller x", "… x"],
  ["Jürgen Müller", "jurgen_muller x", "… x"],
  ["Jürgen Müller", "mueller x", "… x"],
  ["Åse Øberg", "aase-oeberg x", "… x"],
  ["Åse Øberg", "ase-oberg x", "… x"],
  ["Łukasz Grześ", "lukasz.grzes x", "… x"],
  ["Ayşe Yıldız", "ayse-yildiz x", "… x"],
  ["Джейн Перова", "джейн-перова x", "… x"],
  ["山田 太郎", "山田太郎のアプリ", "…のアプリ"],
  ["山田太郎", "feature/山田太郎", "feature/…"],
  ["王小明", "小明-fix", "…-fix"],
  ["王小明", "王小明/修复", "…/修复"],
  ["José Núñez", "josé/fix", "…/fix"],
  ["Анна Иванова", "иванова/фикс", "…/фикс"],
  ["Γιώργος Παπαδόπουλος", "παπαδοπουλοσ/x", "…/x"],
  ["Xu Li", "xuli/fix", "…/fix"],
  ["Xu Li", "lixu2 x", "… x"],
  ["김민준", "김민준의 앱", "…의 앱"],
  ["Mary Ann O'Hara-Kraft", "kraft-ohara-mary x", "… x"],
  ["Jan van der Berg", "van-der-berg x", "… x"],
  ["Jan van der Berg", "van der x", "van der x"],
  ["Li Wei", "li-wei x", "… x"],
  ["Li Wei", "wei-li x", "… x"],
  ["Will Young", "will-young x", "… x"],
  ["Will Young", "young.will x", "… x"],
  ["Will Young", "wyoung x", "… x"],
  ["Will Young", "this will not do", "this will not do"],
  ["Mark Page", "mark-as-read and Page.tsx", "mark-as-read and Page.tsx"],
  ["Mark Page", "markpage x", "… x"],
  ["Anna Page", "a page, a/page.tsx", "a page, a/page.tsx"],
  ["jane.quillfeather@mail.example", "quillfeather x", "… x"],
  ["jane@gmail.com", "gmail and jane", "gmail and …"],
  ["jane@quillfeather.co.uk", "quillfeather x", "… x"],
  ["12345+janedoe@users.noreply.github.com", "janedoe/github x", "…/github x"],
  ["jane+rust@acme.example", "rust by jane", "rust by …"],
  ["dev@acme.example", "dev x", "dev x"],
  ["jane.quillfeather", "quillfeather-jane x", "… x"],
  ["svc-deploy", "deploy the svc", "deploy the svc"],
  ["svc-deploy", "deploy_svc and svcdeploy", "… and …"],
  ["janedoe", "janedoe2 x", "… x"],
  ["Jane", "Jane x", "… x"],
  ["Ubuntu", "ubuntu x", "ubuntu x"],
  ["Debian Live user", "live user debian x", "live user debian x"],
  ["Ed It", "edit x", "edit x"],
  ["Mo Del", "model x", "model x"],
  ["John Son", "json x", "json x"],
])("of %j, %j reads %j", (name, text, expected) => {
  expect(scrub([name], text)).toBe(expected);
});

/** What projects, branches and commands are called, by the hundred. */
const whole = `
main|develop|feature/login-page|fix/issue-123|release/2.0.x|dependabot/npm_and_yarn/types-5.4.5|hotfix/1.2.3|user/settings-page
chore/update-deps|refactor/state-machine|docs/readme|gh-pages|renovate/all-minor-patch|wip|staging|v1.2.3|feat/a11y-i18n
codex-discord-presence|my-app|api-server|web-client|acme-tools|dotfiles|advent-of-code-2026|linux|next.js|three.js|d3|node-pty
npm test|npm run build:prod|cargo test --all-features|pytest -k test_login|git rebase -i HEAD~3|make -j8|docker compose up -d
kubectl get pods -n kube-system|go test ./...|bun test test/presence|tsc --noEmit|terraform plan|ssh-keygen -t ed25519|ls -la
session.ts|README.md|Dockerfile.arm64v8|index.tsx|page.tsx|App.test.tsx|__init__.py|0001_initial.py|20240101123456_create_users.rb
1.2M tokens|45% context|$1.23|12% of 5h limit|3 sessions · 2 projects|GPT-5.5 high|1h 05m|View repository|Editing session.ts
Waiting for input|Running npm test|Fix the login|Add bearer authentication|Basic authentication|bearer token support|Bearer tokens
2026-01-01|2026-01-01-120000-backup|12:34|10:00-11:30|0755|0o644|1700000000000|1700000000|123456789|issue-123-456|RFC-2616-7235
PROJ-1234-fix|port 8080|127 files|100-200-300|1-800 lines|x86-64|utf-8|sha256|base64url|iso-8859-1|v0.1.0-rc.1+build.5|1.2.3.4.5|0001-create-users|020-my-branch|010-20-30|3000 x 2000|2024.01.15|10.5.2-555|highs_CountAll
curl -u|curl -fsSL|tar -xzf a.tar.gz|ps -ef|mysql -p|psql -p 5432|ssh -p 2222 host|docker run -p 8080:80 x|unzip -p a.zip|-pthread
sk-learn|sk-ant-colony|npm_and_yarn|hf_transformers|pat_generator|glpat|ghp|xoxo|github_pat|gitlab-ci|pypi-server|sg-website
skip tests|task list|key bindings|tokenizer-v2|token refresh|password reset|auth: fix login|passwordless login|secret-santa
project falcon|a page|the will to win|mark as read|rose garden|may 2026|hash map|cash-flow|chance.js|dean's list|bill of materials`;

test.each(whole.trim().split(/[|\n]/))("left whole: %s", (text) => {
  expect(scrub([...jane, "Max Mustermann", "Anna Page", "Will Young"], text)).toBe(text);
});

test("until the names are known no fact is shown", () => {
  const { fact, line } = scrubberFor({ words: [], home: "/home/ann", names: undefined });
  expect(fact("session.ts")).toBeUndefined();
  expect(line("Running a command")).toBe("Running a command");
});

const part = fc.stringMatching(/^[a-z]{5,9}$/);

test("whatever the parts of a name are, and however they are joined, none is left", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(part, { minLength: 2, maxLength: 4 }),
      fc.constantFrom("-", "_", ".", "/", " ", "--", ". ", ", ", "-_", ""),
      fc.boolean(),
      fc.infiniteStream(fc.nat()),
      (parts, join, upper, order) => {
        const shuffled = parts.toSorted(
          (a, b) => (order.next().value % 3) - 1 || a.localeCompare(b),
        );
        const cased = shuffled.map((each) => (upper ? each.toUpperCase() : each));
        const text = scrub([parts.join(" ")], `x ${cased.join(join)} y`).toLowerCase();
        for (const each of parts) expect(text).not.toContain(each);
        expect(text).toBe("x … y");
      },
    ),
    { numRuns: 300 },
  );
});

test("names and texts of any kind take no time", () => {
  const hostile = [
    "a a a a a a a a a a a a",
    "aa aaa aaaa aaaaa",
    "ab ba aba bab",
    "é".repeat(5000),
    "@",
    "+@.",
    " ",
  ];
  for (const name of hostile) {
    for (const unit of ["a", "ab", "a ", "a-", "é", "A", "aB", "1", "-", "山"]) {
      scrub([name, name.toUpperCase()], unit.repeat(100_000));
    }
  }
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary" })),
      fc.string({ unit: "binary" }),
      (names, text) => {
        const once = scrub(names, text);
        expect(scrub(names, once)).toBe(once);
      },
    ),
  );
});
