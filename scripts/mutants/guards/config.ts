import type { Guard } from "../guard.ts";

const load = "test/config/load.test.ts";
const live = "test/config/live.test.ts";
const check = "test/config/check.test.ts";
const wrongTypes = "test/config/wrong-types.test.ts";

/** A config that cannot be read or understood shows less, never more. */
export const configGuards: readonly Guard[] = [
  {
    id: "config-refused",
    from: 'withheld("unreadable", `${configName}: ${look.why}; ${noCard} it can be read`, good)',
    to: '{ config: good ?? defaultConfig, problems: [look.why], source: "unreadable" as const }',
    tests: [load],
  },
  {
    id: "config-pending",
    from: "config: hiddenLike(defaultConfig)",
    to: "config: defaultConfig",
    tests: [load, live],
  },
  {
    id: "config-hidden",
    from: 'level: "hidden"',
    to: "level: config.privacy.level",
    tests: [load],
  },
  {
    id: "config-hides",
    from: 'found.hides ? { ...privacy, level: "hidden" } : privacy',
    to: "privacy",
    tests: [check, wrongTypes],
  },
  {
    id: "config-level",
    from: '{ value: "hidden", words: noCard }',
    to: "byDefault",
    tests: [check, wrongTypes],
  },
  {
    id: "config-paused",
    from: "{ value: true, words: noCard }",
    to: "byDefault",
    tests: [check, wrongTypes],
  },
  {
    id: "config-switch",
    from: 'key.startsWith("privacy.") ? ',
    to: "false ? ",
    tests: [check, wrongTypes],
  },
  {
    id: "config-rules",
    from: "[strictestRule(undefined)]",
    to: "[]",
    tests: [check, wrongTypes],
  },
  {
    id: "config-privacy-object",
    from: 'return { level: "hidden" };',
    to: "return {};",
    tests: [check, wrongTypes],
  },
  {
    id: "config-bad-rule",
    from: "value: strictestRule(given)",
    to: "value: undefined",
    tests: [check, wrongTypes],
  },
];
