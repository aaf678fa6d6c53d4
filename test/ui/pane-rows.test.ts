import { describe, expect, test } from "bun:test";
import { paneRows } from "../../src/ui/pane.ts";
import { themeOf } from "../../src/ui/theme.ts";
import { atDefault, known, NOW } from "./pane-models.ts";

const theme = themeOf({ LANG: "C.UTF-8", NO_COLOR: "1" });
const models = { known, fresh: { ...known, sharing: atDefault } };

describe("two rows: what drops where, with a chosen level and with the default", () => {
  const cases: readonly [keyof typeof models, number, readonly [string, string]][] = [
    [
      "known",
      40,
      ["▌CODEX ∙ cdp     ‹◦› project ∙ ◉ Discord", "▌⠾ Running npm test          41% of 258k"],
    ],
    [
      "known",
      60,
      [
        "▌CODEX ∙ cdp ∙ main        ‹◦› project ∙ ◉ Discord connected",
        "▌⠾ Running npm test                41% of 258k ∙ 5h 62% left",
      ],
    ],
    [
      "known",
      80,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m                   ‹◦› project ∙ ◉ Discord connected",
        "▌⠾ Running npm test      GPT-5.5 high ∙ 412k ∙ $0.42 ∙ 41% of 258k ∙ 5h 62% left",
      ],
    ],
    [
      "known",
      100,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m                                       ‹◦› project ∙ ◉ Discord connected",
        "▌⠾ Running npm test                    GPT-5.5 high ∙ 412k ∙ $0.42 ∙ ⣿⣿⣀⣀⣀ 41% of 258k ∙ 5h 62% left",
      ],
    ],
    [
      "known",
      120,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m                                                           ‹◦› project ∙ ◉ Discord connected",
        "▌⠾ Running npm test                              GPT-5.5 high ∙ 412k tokens ∙ $0.42 ∙ ⣿⣿⣿⣇⣀⣀⣀⣀ 41% of 258k ∙ 5h 62% left",
      ],
    ],
    [
      "known",
      160,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m                                                                                                   ‹◦› project ∙ ◉ Discord connected",
        "▌⠾ Running npm test                                                                      GPT-5.5 high ∙ 412k tokens ∙ $0.42 ∙ ⣿⣿⣿⣇⣀⣀⣀⣀ 41% of 258k ∙ 5h 62% left",
      ],
    ],
    ["fresh", 40, ["▌CODEX ∙ cdp     ‹∙› private ∙ ◉ Discord", "▌⠾ Running npm test"]],
    [
      "fresh",
      60,
      [
        "▌CODEX ∙ cdp ∙ main        ‹∙› private ∙ ◉ Discord connected",
        "▌⠾ Running npm test     cdp config set privacy.level project",
      ],
    ],
    [
      "fresh",
      80,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m                   ‹∙› private ∙ ◉ Discord connected",
        "▌⠾ Running npm test              show more: cdp config set privacy.level project",
      ],
    ],
    [
      "fresh",
      100,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m          ‹∙› private ∙ cdp config set privacy.level project ∙ ◉ Discord",
        "▌⠾ Running npm test                    GPT-5.5 high ∙ 412k ∙ $0.42 ∙ ⣿⣿⣀⣀⣀ 41% of 258k ∙ 5h 62% left",
      ],
    ],
    [
      "fresh",
      120,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m         ‹∙› private ∙ show more: cdp config set privacy.level project ∙ ◉ Discord connected",
        "▌⠾ Running npm test                              GPT-5.5 high ∙ 412k tokens ∙ $0.42 ∙ ⣿⣿⣿⣇⣀⣀⣀⣀ 41% of 258k ∙ 5h 62% left",
      ],
    ],
    [
      "fresh",
      160,
      [
        "▌CODEX ∙ cdp ∙ main ∙ 1h 05m                            ‹∙› private ∙ others see no project or file ∙ cdp config set privacy.level project ∙ ◉ Discord connected",
        "▌⠾ Running npm test                                                                      GPT-5.5 high ∙ 412k tokens ∙ $0.42 ∙ ⣿⣿⣿⣇⣀⣀⣀⣀ 41% of 258k ∙ 5h 62% left",
      ],
    ],
  ];
  test.each(cases)("%s, %d columns", (name, cols, rows) => {
    expect(paneRows(models[name], { rows: 2, cols }, NOW, theme)).toEqual([...rows]);
  });
});

describe("eight rows: the same facts beside the hero", () => {
  const cases: readonly [keyof typeof models, number, readonly string[]][] = [
    [
      "known",
      80,
      [
        "",
        "  ▄████▄  ▄████▄  █████▄  ██████  ██  ██    ⠾ Running npm test",
        "  ██  ▀▀  ██  ██  ██  ██  ██      ▀█▄▄█▀    Project   cdp ∙ main ∙ 1h 05m",
        "  ██      ██  ██  ██  ██  █████     ██      Model     GPT-5.5 high ∙ 412k",
        "  ██  ▄▄  ██  ██  ██  ██  ██      ▄█▀▀█▄    Context   ⣿⣿⣿⣿⣀⣀⣀⣀⣀⣀ 41% of 258k",
        "  ▀████▀  ▀████▀  █████▀  ██████  ██  ██    Limits    5h 62% left ∙ 7d 80% left",
        "                                            Discord   ◉ connected ∙ ‹◦› project",
        "",
      ],
    ],
    [
      "fresh",
      120,
      [
        "",
        "  ▄████▄  ▄████▄  █████▄  ██████  ██  ██    ⠾ Running npm test",
        "  ██  ▀▀  ██  ██  ██  ██  ██      ▀█▄▄█▀    Project   cdp ∙ main ∙ 1h 05m",
        "  ██      ██  ██  ██  ██  █████     ██      Model     GPT-5.5 high ∙ 412k tokens ∙ $0.42",
        "  ██  ▄▄  ██  ██  ██  ██  ██      ▄█▀▀█▄    Context   ⣿⣿⣿⣿⣿⣿⣿⣿⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀ 41% of 258k",
        "  ▀████▀  ▀████▀  █████▀  ██████  ██  ██    Limits    5h 62% left ∙ 7d 80% left",
        "                                            Discord   ◉ connected ∙ ‹∙› private",
        "  others see no project or file ∙ cdp config set privacy.level project",
      ],
    ],
  ];
  test.each(cases)("%s, %d columns", (name, cols, rows) => {
    expect(paneRows(models[name], { rows: 8, cols }, NOW, theme)).toEqual([...rows]);
  });
});
