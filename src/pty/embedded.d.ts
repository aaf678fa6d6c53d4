/** node-pty's ready-made native files, imported `with { type: "file" }`: a path inside the program. */
declare module "node-pty/prebuilds/*" {
  const path: string;
  export = path;
}
