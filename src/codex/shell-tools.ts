import { set } from "./shell-programs.ts";
import { type Valued, valuedOptions } from "./shell-options.ts";

/** Programs with subcommands, programs that run tools, and what everybody calls those. */

/** `python -m`: modules that are known as programs. */
export const modules: ReadonlySet<string> = set(
  "pytest unittest pip venv mypy ruff black flake8 pylint build tox nox coverage http.server isort " +
    "pyright twine sphinx ipykernel compileall timeit doctest",
);

/** Options that stand before a subcommand and take a word, by program; for all others `common`. */
const commandersOptions: Readonly<Record<string, string>> = {
  "npm pnpm yarn bun":
    "-C -w -F --prefix --workspace --filter --cwd --dir --registry --otp --loglevel --config",
  "docker podman docker-compose":
    "-c -f -H -l -p --context --config --host --log-level --file --project-name --profile " +
    "--project-directory --env-file --connection",
  "kubectl helm":
    "-n -s -f --namespace --context --cluster --kubeconfig --server --user --kube-context",
  cargo: "-C -Z --config --manifest-path --color --target-dir",
  "gh glab": "-R --repo --hostname",
  git: "-C -c --git-dir --work-tree --namespace --super-prefix --config-env",
  "mvn gradle gradlew mvnw": "-f -p -b -c -g -I -P -pl -x --file --project-dir --settings",
  "make gmake ninja just task mage": "-C -f -I -o -W --directory --file --justfile --taskfile",
  "uv poetry pdm hatch rye": "-C -P -p --directory --project --python --config-file --cache-dir -e",
};
const commanderNames =
  "deno go pip pip3 terraform tofu conda mamba rustup dotnet composer bundle gem rails brew apt " +
  "apt-get dnf yum apk pacman systemctl flutter dart swift zig nix turbo vite next astro prisma " +
  "alembic pre-commit mix stack cabal sbt lein forge supabase wrangler dune meson bazel bazelisk " +
  "pipenv pipx nx lerna ng rebar3 crystal elm";
const common = valuedOptions("-C -c -n -p --config --project --directory --profile --color");

/** Programs whose first operand is a subcommand, if it is one of those below. */
export const commanders: ReadonlyMap<string, Valued> = new Map([
  ...commanderNames.split(" ").map((name) => [name, common] as const),
  ...Object.entries(commandersOptions).flatMap(([names, options]) => {
    const valued = valuedOptions(options);
    return names.split(" ").map((name) => [name, valued] as const);
  }),
]);

/** Everybody's subcommands. Others may be a person's own script, whose name is not shown. */
export const subcommands: ReadonlySet<string> = set(
  "test tests run build install ci add remove uninstall update upgrade start stop dev lint fmt " +
    "format check clippy bench doc docs clean publish pack audit outdated init create new link list " +
    "why exec dlx x serve preview deploy sync lock compile vet generate get mod tool fix tree search " +
    "metadata nextest expand restore pull push fetch clone commit merge rebase reset checkout switch " +
    "branch tag stash cherry-pick revert bisect worktree submodule remote show diff log status blame " +
    "grep apply am rm mv config describe rev-parse rev-list ls-files ls-tree ls-remote " +
    "cat-file shortlog reflog range-diff format-patch archive gc fsck images ps logs up down compose " +
    "inspect top cp scale rollout port-forward plan validate output import state template venv " +
    "migrate shell repl version info view pr issue release workflow reload restart enable disable " +
    "verify package typecheck analyze pub task e2e coverage",
);

/** Short and other names of subcommands. */
export const aliases: ReadonlyMap<string, string> = new Map([
  ["t", "test"],
  ["i", "install"],
  ["run-script", "run"],
]);

/** Where another word of the same list says more: a script that everybody has. */
export const deeper: ReadonlySet<string> = new Set(
  "npm run,pnpm run,yarn run,bun run,deno task,docker compose,podman compose".split(","),
);

/** `git` subcommands that only show; every other one changes something. */
export const gitReaders: ReadonlySet<string> = set(
  "show diff log status blame describe rev-parse rev-list ls-files ls-tree ls-remote cat-file " +
    "shortlog reflog range-diff branch remote",
);

const npxOptions = valuedOptions("-p -c -w --package --call --workspace");
const pythonRun = valuedOptions(
  "-p -n -C -P --python --with --project --directory --env-file --extra --group --package --index " +
    "--with-requirements --with-editable --from --name --prefix",
);

/** They run a tool that is named after their own options; those with a subcommand for it. */
export const launchers: ReadonlyMap<string, Valued> = new Map([
  ...launched("npx bunx pnpx", npxOptions),
  ...launched(
    "npm exec,npm x,pnpm exec,pnpm dlx,yarn exec,yarn dlx,yarn run,bun x",
    npxOptions,
    ",",
  ),
  ...launched("uvx", pythonRun),
  ...launched("uv run,poetry run,pdm run,hatch run,pipenv run,rye run,conda run", pythonRun, ","),
  ...launched("pipx run,bundle exec,rbenv exec,pyenv exec,asdf exec,mise exec", npxOptions, ","),
  ...launched(
    "op run,doppler run,infisical run",
    valuedOptions("-p -c --project --config --env"),
    ",",
  ),
]);

function launched(
  names: string,
  valued: Valued,
  separator = " ",
): readonly (readonly [string, Valued])[] {
  return names.split(separator).map((name) => [name, valued] as const);
}

/** Package managers that run an installed tool by its bare name. */
export const bareLaunchers: ReadonlySet<string> = set("pnpm yarn");

/** Tools that everybody knows; another one's name may be that of a person's own package. */
export const tools: ReadonlySet<string> = set(
  "vitest jest mocha ava tap playwright cypress wdio karma tsc tsx ts-node eslint prettier biome " +
    "oxlint oxfmt stylelint rollup webpack esbuild nuxt svelte-check vue-tsc storybook tailwindcss " +
    "postcss parcel swc babel knip madge depcheck typedoc concurrently nodemon lint-staged changeset " +
    "commitlint drizzle-kit vercel netlify firebase serverless cdk sst expo react-native pytest ruff " +
    "black mypy pyright pylint flake8 isort tox nox coverage sphinx-build mkdocs flask uvicorn " +
    "gunicorn celery ipython jupyter bandit rspec rubocop rake cucumber phpunit cmake ctest make " +
    "alembic django-admin tsup vue-cli-service size-limit markdownlint cspell",
);

/** Words of the shell's grammar that stand before a command. */
export const leadingKeywords: ReadonlySet<string> = set(
  "if then else elif while until do ! { foreach try catch finally",
);

/** Words that make the whole simple command grammar, not a program. */
export const grammarKeywords: ReadonlySet<string> = set("for case select done fi esac } in coproc");
