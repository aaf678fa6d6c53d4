import type { Guard } from "../guard.ts";

const privateFile = "test/lib/private-file.test.ts";
const followedFile = "test/lib/followed-file.test.ts";
const programs = "test/lib/programs.test.ts";
const privateFolder = "test/pty/private-folder.test.ts";

/** How files are opened and made, and which programs are found. */
export const openingGuards: readonly Guard[] = [
  {
    id: "private-no-follow",
    from: " | O_NOFOLLOW",
    to: "",
    tests: [privateFile, followedFile],
  },
  {
    id: "private-judged-before",
    from: 'place?.kind === "found"',
    to: "false",
    tests: [privateFile],
  },
  {
    id: "private-judged-open",
    from: "judgeOwn(path, entry, user);",
    to: "",
    tests: [privateFile],
  },
  {
    id: "private-new-mode",
    from: "CAREFUL, 0o600",
    to: "CAREFUL, 0o644",
    tests: [privateFile],
  },
  {
    id: "private-open-read",
    from: "(flags & (O_WRONLY | O_RDWR)) === 0",
    to: "false",
    tests: [privateFile],
  },
  {
    id: "private-open-closed",
    from: "fchmodSync(fd, entry.mode & 0o755);",
    to: "",
    tests: [privateFile],
  },
  {
    id: "create-only-new",
    from: " | O_EXCL",
    to: "",
    tests: [privateFile],
  },
  {
    id: "create-mode",
    from: "mode = 0o600",
    to: "mode = 0o644",
    tests: [privateFile],
  },
  {
    id: "private-folder-owner",
    from: "!isOwned(place.entry, user)",
    to: "false",
    tests: [privateFile],
  },
  {
    id: "private-folder-closed",
    from: "(place.entry.mode & 0o077) === 0",
    to: "true",
    tests: [privateFile],
  },
  {
    id: "folder-problem-way",
    from: "risk: place",
    to: "risk: undefined",
    tests: [privateFile],
  },
  {
    id: "followed-refused",
    from: "throw new UntrustedFile(place);",
    to: 'return { path: "", exists: false, isFolderMissing: true, entry: undefined, isShared: false };',
    tests: [followedFile],
  },
  {
    id: "followed-judged-before",
    from: "judgeRead(path, real.entry, real.isShared, user);",
    to: "",
    tests: [followedFile],
  },
  {
    id: "followed-judged-open",
    from: "judgeRead(path, entryOf(fstatSync(fd), real.path), real.isShared, user);",
    to: "",
    tests: [followedFile],
  },
  {
    id: "followed-later-judged-before",
    from: "judgeRead(path, real.entry, real.isShared, user);",
    to: "",
    tests: [followedFile],
  },
  {
    id: "followed-later-judged-open",
    from: "judgeRead(path, entryOf(await file.stat(), real.path), real.isShared, user);",
    to: "",
    tests: [followedFile],
  },
  {
    id: "path-relative",
    from: ".filter((folder) => isAbsolute(folder))",
    to: "",
    tests: [programs],
  },
  {
    id: "path-never-empty",
    from: 'folders.length > 0 || platform === "win32" ? folders : systemFolders',
    to: "folders",
    tests: [programs],
  },
  {
    id: "program-relative",
    from: "isAbsolute(word) && ",
    to: "",
    tests: [programs],
  },
  {
    id: "addon-content",
    from: "readFileSync(fd).equals(file.bytes)",
    to: "true",
    tests: [privateFolder],
  },
  {
    id: "addon-mode",
    from: "(mode & 0o777) === file.mode",
    to: "true",
    tests: [privateFolder],
  },
  {
    id: "addon-folder",
    from: "makePrivateFolder(folder, user);",
    to: "",
    tests: [privateFolder],
  },
  {
    id: "addon-owned",
    from: "openPrivate(path, constants.O_RDONLY, user)",
    to: 'process.getBuiltinModule("node:fs").openSync(path, constants.O_RDONLY)',
    tests: [privateFolder],
  },
];
