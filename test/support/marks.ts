/** The mark of every single value in `T`: a new field without a mark does not compile. */
export type Marks<T> = T extends readonly (infer Item)[]
  ? Marks<Item>
  : T extends object
    ? { readonly [Key in keyof T]-?: Marks<NonNullable<T[Key]>> }
    : string;
