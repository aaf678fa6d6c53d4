/** Whether a release of Codex ("0.169.0") is this one or a later one; a nameless one is not. */
export function atLeast(
  version: string | undefined,
  least: { readonly major: number; readonly minor: number },
): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > least.major || (major === least.major && minor >= least.minor);
}
