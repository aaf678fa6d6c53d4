import type { Entry } from "./archive.ts";
import type { Help } from "./manual.ts";

/** Completions for bash, zsh and fish. What follows `cdp codex` is completed as for Codex itself. */
export function completions(help: Help): readonly Entry[] {
  return [
    { path: "completions/cdp.bash", bytes: bash(help) },
    { path: "completions/_cdp", bytes: zsh(help) },
    { path: "completions/cdp.fish", bytes: fish(help) },
  ];
}

function bash({ commands }: Help): string {
  const cases = commands
    .filter(({ options }) => options.length > 0)
    .map(({ name, options }) => `    ${name}) words="${[...options, "--help"].join(" ")}" ;;`);
  return `# bash completion for cdp
_cdp() {
  local words
  COMPREPLY=()
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = codex ]; then
    # Codex's own completion, where it is loaded: as if cdp did not stand before it.
    if declare -F _codex >/dev/null; then
      COMP_WORDS=("\${COMP_WORDS[@]:1}")
      COMP_CWORD=$((COMP_CWORD - 1))
      _codex codex "$2" "$3"
    else
      COMPREPLY=($(compgen -f -- "$2"))
    fi
    return
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${[...commands.map(({ name }) => name), "--headless", "--help", "--version"].join(" ")}"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="--help" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$2"))
}
complete -F _cdp cdp
`;
}

function zsh({ commands }: Help): string {
  const rows = commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`);
  const cases = commands
    .filter(({ options }) => options.length > 0)
    .map(({ name, options }) => `    ${name}) compadd -- ${[...options, "--help"].join(" ")} ;;`);
  return `#compdef cdp
_cdp() {
  local -a commands
  commands=(
${rows.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    compadd -- --headless --help --version
    return
  fi
  case $words[2] in
    codex)
      shift words
      (( CURRENT-- ))
      if (( $+functions[_codex] )); then _codex; else _files; fi
      ;;
${cases.join("\n")}
    *) compadd -- --help ;;
  esac
}
if [ "$funcstack[1]" = _cdp ]; then _cdp "$@"; else compdef _cdp cdp; fi
`;
}

function fish({ commands }: Help): string {
  const rows = commands.flatMap(({ name, about, options }) => [
    `complete -c cdp -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
    ...options.map(
      (option) =>
        `complete -c cdp -n '__fish_seen_subcommand_from ${name}' -f -l ${option.slice(2)}`,
    ),
  ]);
  return `# fish completion for cdp
${rows.join("\n")}
complete -c cdp -n __fish_use_subcommand -f -l headless -l help -l version
complete -c cdp -n '__fish_seen_subcommand_from codex' -x -a '(complete -C (string replace -r "^\\\\s*cdp\\\\s+" "" (commandline -cp)))'
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
