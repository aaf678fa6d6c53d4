import type { SessionView } from "../session/session-view.ts";
import type { Usage } from "../session/usage.ts";
import { dollars, elapsed, shortCount } from "./format.ts";
import type { Style } from "./theme.ts";

/** One line of a report. */
export interface Line {
  readonly style: Style;
  readonly indented?: boolean;
  /** Not yet sanitized, unless it is drawn. */
  readonly text: string;
  /** A drawing of our own, in which every space counts. */
  readonly drawn?: boolean;
  /** Where it goes on below, if it is too wide; else it is cut. */
  readonly breaksAt?: string;
}

/** What a session has used, as words: what is not known is left out. */
export function usageParts({ tokens, context, costUsd }: SessionView): readonly string[] {
  return [
    tokens === undefined ? undefined : `${shortCount(tokens.total.total)} tokens`,
    context?.percent === undefined ? undefined : `context ${context.percent}%`,
    costUsd === undefined ? undefined : dollars(costUsd),
  ].filter((part) => part !== undefined);
}

/** The account's limits, a line each, with how old the news is. */
export function limitLines(limits: Usage["limits"], now: number): readonly Line[] {
  if (limits === undefined) return [];
  const { quotas, plan, credits, observedAt } = limits;
  const said =
    now - observedAt < 60_000 ? "as of just now" : `as of ${elapsed(observedAt, now)} ago`;
  const balance = credits === undefined ? undefined : creditText(credits);
  if (quotas.length === 0 && balance === undefined) {
    return plan === undefined ? [] : [{ style: "strong", text: `Plan ${plan}, ${said}` }];
  }
  const head = ["Usage limits", plan, said].filter((part) => part !== undefined).join(", ");
  const lines = quotas.map(({ name, usedPercent, resetsAt }): Line => {
    const reset = resetsAt === undefined ? "" : `, starts anew ${ahead(resetsAt, now)}`;
    const full = usedPercent >= 100;
    const text = `${name ?? "limit"}: ${Math.round(usedPercent)}% used${reset}`;
    return { style: full ? "warn" : "plain", indented: true, text, breaksAt: " " };
  });
  return [
    { style: "strong", text: head, breaksAt: " " },
    ...lines,
    ...(balance === undefined ? [] : [{ style: "plain", indented: true, text: balance } as const]),
  ];
}

/** `in 1h 05m`: until a moment that lies ahead; both in ms. */
export function ahead(at: number, now: number): string {
  return at - now < 60_000 ? "within a minute" : `in ${elapsed(now, at)}`;
}

function creditText(credits: NonNullable<NonNullable<Usage["limits"]>["credits"]>) {
  if (credits.unlimited) return "credits: unlimited";
  if (!credits.has) return undefined;
  return credits.balance === undefined ? "credits: some" : `credits: ${credits.balance}`;
}
