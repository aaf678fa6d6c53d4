import { currentUser } from "../../src/lib/file-user.ts";
import type { Entry, FileUser } from "../../src/lib/ownership.ts";

const here = currentUser();
if (here === undefined) throw new Error("this system has no user numbers");

/** A user to whom what this process makes is another user's, the folders on the way too. */
export const otherUser: FileUser = { ...here, uid: here.uid + 4711, isRoot: () => false };

/** A user to whom it is root's: such folders are trusted, such files are not the user's own. */
export const guestUser: FileUser = {
  ...otherUser,
  isRoot: (uid) => uid === here.uid || here.isRoot(uid),
};

/** An invented user, 1000, with the private group 1000. */
export const inventedUser: FileUser = {
  uid: 1000,
  isRoot: (uid) => uid === 0,
  isCertain: () => true,
  ownsGroup: (gid) => gid === 1000,
  mountOwner: () => undefined,
};

/** Something of that user's on an invented disk. */
export function entryOf(kind: Entry["kind"], over: Partial<Entry> = {}): Entry {
  const base = { uid: 1000, gid: 1000, mode: 0o755, nlink: 1, dev: 1, acl: false };
  return { kind, ...base, target: undefined, ...over };
}
