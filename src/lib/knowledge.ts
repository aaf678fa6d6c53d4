/**
 * What is known of something. Privacy depends on it, so a failure is a value of its own: it is
 * neither the thing nor proof that there is none, and the compiler makes each reader say what then.
 */
export type Knowledge<Value> =
  | { readonly kind: "known"; readonly value: Value }
  | { readonly kind: "nothing" }
  /** `reason` is for the person's own eyes, after "because": "its disk does not answer". */
  | { readonly kind: "unknown"; readonly reason: string };

export function known<Value>(value: Value): Knowledge<Value> {
  return { kind: "known", value };
}

export const nothing = { kind: "nothing" } as const;

export function unknown(reason: string): {
  readonly kind: "unknown";
  readonly reason: string;
} {
  return { kind: "unknown", reason };
}
