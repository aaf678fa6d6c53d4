import type { Guard } from "./guard.ts";
import { filesGuards } from "./guards/files.ts";
import { openingGuards } from "./guards/opening.ts";
import { peersGuards } from "./guards/peers.ts";
import { instanceGuards } from "./guards/instance.ts";
import { discordGuards } from "./guards/discord.ts";
import { textGuards } from "./guards/text.ts";
import { configGuards } from "./guards/config.ts";
import { disclosureGuards } from "./guards/disclosure.ts";
import { rulesGuards } from "./guards/rules.ts";
import { scrubGuards } from "./guards/scrub.ts";
import { repositoryGuards } from "./guards/repository.ts";
import { windowGuards } from "./guards/windows.ts";

/** Every marked line. `test/architecture/guards.test.ts` compares the list with the sources. */
export const guards: readonly Guard[] = [
  ...filesGuards,
  ...openingGuards,
  ...peersGuards,
  ...instanceGuards,
  ...discordGuards,
  ...textGuards,
  ...configGuards,
  ...disclosureGuards,
  ...rulesGuards,
  ...scrubGuards,
  ...repositoryGuards,
  ...windowGuards,
];
