import type { Guard } from "../guard.ts";

const ownership = "test/lib/ownership.test.ts";
const trustedPath = "test/lib/trusted-path.test.ts";
const privateFile = "test/lib/private-file.test.ts";
const followedFile = "test/lib/followed-file.test.ts";
const search = "test/discord/search.test.ts";

/** Whose files, folders and links are used. */
export const filesGuards: readonly Guard[] = [
  {
    id: "folder-owner",
    from: "!isTrustedOwner(entry, user)",
    to: "false",
    tests: [ownership],
  },
  {
    id: "folder-open",
    from: "&& !isOpen(entry, user)",
    to: "",
    tests: [ownership],
  },
  {
    id: "folder-not-sticky",
    from: "(entry.mode & STICKY) === 0",
    to: "false",
    tests: [ownership],
  },
  {
    id: "open-to-group",
    from: "GROUP_WRITE | OTHER_WRITE",
    to: "OTHER_WRITE",
    tests: [ownership],
  },
  {
    id: "open-to-others",
    from: "(entry.mode & OTHER_WRITE) !== 0",
    to: "false",
    tests: [ownership],
  },
  {
    id: "open-by-acl",
    from: "entry.acl || ",
    to: "",
    tests: [ownership],
  },
  {
    id: "open-to-shared-group",
    from: "!user.ownsGroup(entry.gid)",
    to: "false",
    tests: [ownership],
  },
  {
    id: "own-file-regular",
    from: 'entry.kind !== "file"',
    to: "false",
    tests: [ownership],
  },
  {
    id: "own-file-owner",
    from: "!isOwned(entry, user)",
    to: "false",
    tests: [ownership],
  },
  {
    id: "read-file-open",
    from: "isOpen(entry, user)",
    to: "false",
    tests: [ownership],
  },
  {
    id: "read-file-shared",
    from: "isShared ? namesProblem(entry) : undefined",
    to: "undefined",
    tests: [ownership],
  },
  {
    id: "private-group-listed-once",
    from: "|| listed.length > 1",
    to: "",
    tests: [ownership],
  },
  {
    id: "private-group-primary",
    from: " || !primary.includes(name)",
    to: "",
    tests: [ownership],
  },
  {
    id: "private-group-members",
    from: "all.every((member) => logins.includes(member))",
    to: "true",
    tests: [ownership],
  },
  {
    id: "mount-owner",
    from: "=== user.uid",
    to: "!== undefined",
    tests: [ownership],
  },
  {
    id: "mount-kind",
    from: 'kind !== "drvfs" && kind !== "9p"',
    to: "false",
    tests: [ownership],
  },
  {
    id: "walk-link-last",
    from: 'rest.length === 0 && last === "refuse"',
    to: "false",
    tests: [trustedPath, privateFile],
  },
  {
    id: "walk-folder-foreign",
    from: 'risk === "foreign" || ',
    to: "",
    tests: [trustedPath, followedFile],
  },
  {
    id: "walk-folder-writable",
    from: ' || risk === "writable"',
    to: "",
    tests: [trustedPath, followedFile],
  },
  {
    id: "file-names",
    from: "nlink > 1",
    to: "false",
    tests: [ownership],
  },
  {
    id: "read-file-regular",
    from: 'entry.kind !== "file"',
    to: "false",
    tests: [ownership],
  },
  {
    id: "read-file-uncertain",
    from: "isShared && !user.isCertain(entry.uid)",
    to: "false",
    tests: [ownership],
  },
  {
    id: "read-file-owner",
    from: "isAnyones || !isTrustedOwner(entry, user)",
    to: "isAnyones",
    tests: [ownership],
  },
  {
    id: "link-owner",
    from: "!isTrustedOwner(link, user)",
    to: "false",
    tests: [ownership, trustedPath, search],
  },
  {
    id: "link-owner-certain",
    from: "!user.isCertain(link.uid)",
    to: "false",
    tests: [ownership, trustedPath, search],
  },
  {
    id: "link-names",
    from: "link.nlink > 1",
    to: "false",
    tests: [ownership, trustedPath, search],
  },
];
