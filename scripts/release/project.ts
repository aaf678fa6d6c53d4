import packageJson from "../../package.json" with { type: "json" };

/** What the names, addresses and texts of a release are made of: package.json, and nothing else. */
export interface Project {
  /** The package on npm and of Debian. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  /** `undefined` while package.json has no `repository`: nothing can be downloaded then. */
  readonly repository: Repository | undefined;
}

/** A repository on GitHub. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

export function readProject(json: Readonly<Record<string, unknown>> = packageJson): Project {
  const text = (key: string): string => {
    const value = json[key];
    if (typeof value !== "string") throw new Error(`package.json: ${key} is not a text`);
    return value;
  };
  return {
    name: text("name"),
    version: text("version"),
    description: text("description"),
    license: text("license"),
    repository: readRepository(json["repository"]),
  };
}

/** The page of the project. RFC 2606 keeps `.invalid` free: nothing can answer there. */
export function homepage({ repository }: Project): string {
  if (repository === undefined) return "https://unpublished.invalid";
  return `https://github.com/${repository.owner}/${repository.name}`;
}

/** Where the files of this version are downloaded from, without a slash at the end. */
export function downloads(project: Project): string {
  return `${homepage(project)}/releases/download/v${project.version}`;
}

function readRepository(value: unknown): Repository | undefined {
  if (value === undefined) return undefined;
  const url: unknown =
    typeof value === "object" && value !== null && "url" in value ? value.url : value;
  const match =
    typeof url === "string"
      ? /^(?:github:|(?:git\+)?(?:https|ssh|git):\/\/(?:git@)?github\.com\/)?([\w-]+)\/([\w.-]+?)(?:\.git)?$/.exec(
          url,
        )
      : null;
  const [, owner, name] = match ?? [];
  if (owner === undefined || name === undefined) {
    throw new Error("package.json: repository is not one on GitHub (github:OWNER/NAME)");
  }
  return { owner, name };
}
