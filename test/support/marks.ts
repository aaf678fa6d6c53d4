/** The mark of every single value in `T`: a new field without a mark does not compile. */
export type Marks<T> = T extends readonly (infer Item)[]
  ? Marks<Item>
  : T extends object
    ? { readonly [Key in keyof T]-?: Marks<NonNullable<T[Key]>> }
    : string;

/** The fields of which a text tells, by their path, sorted. */
export function fieldsIn(sent: string, marks: object): readonly string[] {
  return leaves(marks, "")
    .filter(([, mark]) => sent.includes(mark))
    .map(([field]) => field)
    .toSorted();
}

/** Every value in it, with the path that leads there. */
function leaves(node: object, prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "string"
      ? [[prefix + key, value] as const]
      : leaves(value as object, `${prefix}${key}.`),
  );
}
