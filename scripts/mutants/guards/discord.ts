import type { Guard } from "../guard.ts";

const search = "test/discord/search.test.ts";
const link = "test/discord/link.test.ts";
const race = "test/discord/race.test.ts";
const peers = "test/discord/peers.test.ts";
const transport = "test/discord/transport.test.ts";
const frame = "test/discord/frame.test.ts";
const message = "test/discord/message.test.ts";
const allowance = "test/discord/allowance.test.ts";

/** To which sockets and processes a card is sent, and what is taken from them. */
export const discordGuards: readonly Guard[] = [
  {
    id: "socket-root-unknown",
    from: "isOpen: !isFound(root)",
    to: "isOpen: false",
    tests: [search],
  },
  {
    id: "socket-owner",
    from: "entry.uid === user.uid && ",
    to: "",
    tests: [search],
  },
  {
    id: "named-socket-open-way",
    from: "!way.isOpen && ",
    to: "",
    tests: [search],
  },
  {
    id: "socket-way-stays-open",
    from: "way.isOpen || ",
    to: "",
    tests: [search],
  },
  {
    id: "socket-names-safe",
    from: "isSafe ? ",
    to: "true ? ",
    tests: [search],
  },
  {
    id: "socket-held",
    from: " && identityOf(stats) === identity",
    to: "",
    tests: ["test/discord/disk.test.ts"],
  },
  {
    id: "socket-verdict",
    from: "isOurSocket(arrival, user)",
    to: "true",
    tests: [search],
  },
  {
    id: "socket-named-only",
    from: 'client !== "named" || ',
    to: "",
    tests: [search],
  },
  {
    id: "link-usable",
    from: 'verdict === "usable"',
    to: "true",
    tests: [link],
  },
  {
    id: "link-late",
    from: "outcome.connection.close()",
    to: "undefined",
    tests: [link],
  },
  {
    id: "link-choice",
    from: "isChosen(choice, connection)",
    to: "true",
    tests: [link],
  },
  {
    id: "race-unwanted",
    from: "this.#options.wanted?.(connection) === false",
    to: "false",
    tests: [race],
  },
  {
    id: "race-losers",
    from: "for (const connection of this.#running) connection.close();",
    to: "",
    tests: [race],
  },
  {
    id: "discord-peer-judged",
    from: "reason !== undefined",
    to: "false as boolean",
    tests: [peers],
  },
  {
    id: "discord-peer-uid",
    from: "uid === process.getuid?.() ||",
    to: "true ||",
    tests: [peers],
  },
  {
    id: "discord-peer-named",
    from: "owner !== undefined && [owner, 0].includes(uid)",
    to: "owner !== undefined",
    tests: [peers],
  },
  {
    id: "discord-pending",
    from: "socket.writableLength > maxPendingBytes",
    to: "false",
    tests: [transport],
  },
  {
    id: "discord-flood",
    from: "isSpent(this.#allowance)",
    to: "false",
    tests: [transport],
  },
  {
    id: "discord-oversize",
    from: "this.#lose(`Discord sent a frame of ${frame.length} bytes`)",
    to: "undefined",
    tests: [transport],
  },
  {
    id: "frame-length",
    from: "length > maxFrameBytes",
    to: "false",
    tests: [frame],
  },
  {
    id: "frame-close-text",
    from: "message.slice(0, 200)",
    to: "message",
    tests: [frame],
  },
  {
    id: "frame-record",
    from: " && !Array.isArray(value)",
    to: "",
    tests: [frame, message],
  },
  {
    id: "discord-error-text",
    from: 'reason["message"].slice(0, 500)',
    to: 'reason["message"]',
    tests: [message],
  },
  {
    id: "discord-allowance",
    from: "left < 0",
    to: "false",
    tests: [allowance],
  },
  {
    id: "socket-way-closed",
    from: "isClosed(way)",
    to: "true",
    tests: [search],
  },
  {
    id: "socket-closed-open",
    from: "!isOpenWay && ",
    to: "",
    tests: [search],
  },
  {
    id: "socket-closed-strangers",
    from: "strangers.length === 0",
    to: "true",
    tests: [search],
  },
  {
    id: "named-socket-strangers",
    from: "way.strangers.every((uid) => uid === entry.uid)",
    to: "true",
    tests: [search],
  },
  {
    id: "socket-way-shared",
    from: "isShared && (folder.mode & STICKY) === 0",
    to: "false",
    tests: [search],
  },
];
