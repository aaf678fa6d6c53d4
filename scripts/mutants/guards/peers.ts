import type { Guard } from "../guard.ts";

const peer = "test/lib/peer.test.ts";
const controlPeers = "test/instance/control-peers.test.ts";
const control = "test/instance/control.test.ts";
const confinement = "test/instance/confinement.test.ts";
const channel = "test/instance/channel.test.ts";
const message = "test/instance/message.test.ts";
const sessionReport = "test/cli/session-report.test.ts";

/** Who may speak to the publisher, and what it takes from them. */
export const peersGuards: readonly Guard[] = [
  {
    id: "peer-no-answer",
    from: "result !== 0 || pid",
    to: "pid",
    tests: [peer],
  },
  {
    id: "peer-unknown",
    from: 'peer ?? { kind: "unknown" }',
    to: 'peer ?? { kind: "unsupported" }',
    tests: [peer],
  },
  {
    id: "control-peer-uid",
    from: "peer.uid === process.getuid?.()",
    to: "true",
    tests: [controlPeers],
  },
  {
    id: "control-peer-unknown",
    from: 'peer.kind === "unsupported"',
    to: 'peer.kind !== "known"',
    tests: [controlPeers],
  },
  {
    id: "control-peer-confined",
    from: 'peer.kind === "known" ? whyConfined(socket, peer) : undefined',
    to: "undefined",
    tests: [controlPeers],
  },
  {
    id: "control-publisher-uid",
    from: "!isOurs(whoIs(socket))",
    to: "false",
    tests: [controlPeers],
  },
  {
    id: "control-socket-distrusted",
    from: 'process.platform === "win32" ? undefined : distrustSocket(address.path)',
    to: "undefined",
    tests: [control],
  },
  {
    id: "control-socket-mode",
    from: "attempt(() => chmodSync(address.path, 0o600))",
    to: "attempt(() => undefined)",
    tests: [control],
  },
  {
    id: "control-runtime-folder",
    from: " || folderProblem(runtime) !== undefined",
    to: "",
    tests: [control],
  },
  {
    id: "control-folder-owner",
    from: "found.uid === uid",
    to: "true",
    tests: [controlPeers],
  },
  {
    id: "control-folder-mode",
    from: "(found.mode & mask) === 0",
    to: "true",
    tests: [control],
  },
  {
    id: "control-socket-kind",
    from: "found.isSocket() && ",
    to: "",
    tests: [control],
  },
  {
    id: "control-socket-owner",
    from: "&& found.uid === uid",
    to: "",
    tests: [controlPeers],
  },
  {
    id: "control-room",
    from: "channels.size < maxChannels",
    to: "true",
    tests: [control],
  },
  {
    id: "confined-unreadable",
    from: 'return "its confinement cannot be read"',
    to: "return undefined",
    tests: [confinement],
  },
  {
    id: "confined-pid-reused",
    from: "startOf(pid, proc) !== before",
    to: "false",
    tests: [confinement],
  },
  {
    id: "confined-ended",
    from: "pidOf(descriptor, proc) !== pid",
    to: "false",
    tests: [confinement],
  },
  {
    id: "confined-user-namespace",
    from: "theirs.user !== own.user",
    to: "false",
    tests: [confinement],
  },
  {
    id: "confined-pid-namespace",
    from: "theirs.pid !== own.pid",
    to: "false",
    tests: [confinement],
  },
  {
    id: "confined-no-new-privs",
    from: "theirs.noNewPrivs !== false",
    to: "theirs.noNewPrivs === true",
    tests: [confinement],
  },
  {
    id: "confined-no-new-privs-set",
    from: "theirs.noNewPrivs !== own.noNewPrivs && ",
    to: "",
    tests: [confinement],
  },
  {
    id: "confined-seccomp",
    from: "theirs.seccomp !== own.seccomp && theirs.seccomp !== 0",
    to: "false",
    tests: [confinement],
  },
  {
    id: "confined-filters",
    from: "theirs.filters !== own.filters",
    to: "false",
    tests: [confinement],
  },
  {
    id: "confined-namespace-unreadable",
    from: 'if (pid === "self") return undefined;',
    to: "return undefined;",
    tests: [confinement],
  },
  {
    id: "confined-name-parenthesis",
    from: 'stat.lastIndexOf(")")',
    to: 'stat.indexOf(")")',
    tests: [confinement],
  },
  {
    id: "channel-hello-first",
    from: 'message.type !== "hello"',
    to: "false as boolean",
    tests: [channel],
  },
  {
    id: "channel-token",
    from: "door.token !== undefined && door.token !== message.token",
    to: "false",
    tests: [channel],
  },
  {
    id: "channel-flood",
    from: "this.#heard > maxRate",
    to: "false",
    tests: [channel],
  },
  {
    id: "channel-pending",
    from: "this.#socket.writableLength > maxPendingBytes",
    to: "false",
    tests: [channel],
  },
  {
    id: "channel-hello-in-time",
    from: 'channel.close("no hello")',
    to: "undefined",
    tests: [channel],
  },
  {
    id: "channel-garbage",
    from: "message === undefined",
    to: "false as boolean",
    tests: [channel],
  },
  {
    id: "message-too-long",
    from: "this.#held + piece.length >= maxMessage",
    to: "false",
    tests: [message],
  },
  {
    id: "message-sent-too-long",
    from: "new TextEncoder().encode(line).length > maxMessage",
    to: "false",
    tests: [message],
  },
  {
    id: "message-text-length",
    from: " && value.length <= 256",
    to: "",
    tests: [message],
  },
  {
    id: "message-number",
    from: "Number.isFinite(value) && value >= 0",
    to: "true",
    tests: [message],
  },
  {
    id: "message-pid",
    from: "Number.isSafeInteger(found)",
    to: "true",
    tests: [message],
  },
  {
    id: "message-send-ages",
    from: "ages.slice(-16)",
    to: "ages",
    tests: [message],
  },
  {
    id: "report-thread-length",
    from: "v.pipe(v.string(), v.maxLength(64))",
    to: "v.string()",
    tests: [sessionReport],
  },
  {
    id: "report-cwd-length",
    from: "v.maxLength(4096), ",
    to: "",
    tests: [sessionReport],
  },
  {
    id: "report-cwd-absolute",
    from: ", v.regex(/^(?:[/\\\\]|[a-z]:)/i)",
    to: "",
    tests: [sessionReport],
  },
  {
    id: "report-outranked",
    from: "!outranks(activity, view, now)",
    to: "false",
    tests: [sessionReport],
  },
  {
    id: "report-own",
    from: " || view.own",
    to: "",
    tests: [sessionReport],
  },
  {
    id: "report-older",
    from: "said.since >= view.updatedAt && ",
    to: "",
    tests: [sessionReport],
  },
  {
    id: "report-future",
    from: " && said.since <= now + skewMs",
    to: "",
    tests: [sessionReport],
  },
  {
    id: "report-stale",
    from: " && now - said.since < aheadMs",
    to: "",
    tests: [sessionReport],
  },
  {
    id: "report-turn",
    from: "!isInTurn && isAhead",
    to: "isAhead",
    tests: [sessionReport],
  },
];
