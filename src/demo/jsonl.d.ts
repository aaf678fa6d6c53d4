declare module "*.jsonl" {
  const text: string;
  export = text;
}
