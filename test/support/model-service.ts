import { type Piece, type Reply, stories } from "./model-stories.ts";
import { encodeReply } from "./model-stream.ts";

/** A request that Codex made, as the stand-in understood it. */
export interface ModelRequest {
  /** Wall clock, ms since the epoch. */
  readonly at: number;
  readonly kind: "turn" | "title" | "compaction";
  /** The story's name, and which of its replies this is. */
  readonly story: string;
  readonly index: number;
  readonly threadId: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A stand-in for OpenAI's Responses service on loopback, as far as Codex uses it. */
export interface ModelService extends AsyncDisposable {
  /** For `base_url` of a model provider in Codex's config. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** From now on stories stop at this gate (`<story>/<response>` or `…/<name of a gate piece>`). */
  hold(gate: string): void;
  /** Lets through whoever waits at the gate, and all who come. */
  release(gate: string): void;
  /** Resolves when a story has come to the gate for the first time, held or not. */
  reached(gate: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the service. The answer depends on the request alone: the last user message that says
 * `story <name>` names the story, the number of tool outputs after it the reply.
 *
 * @param options.port 0 for any free one
 */
export function startModelService(options: { readonly port: number } = { port: 0 }): ModelService {
  const requests: ModelRequest[] = [];
  const gates = new Map<string, Gate>();
  const gate = (name: string): Gate => {
    const known = gates.get(name) ?? newGate();
    gates.set(name, known);
    return known;
  };
  const pass = async (name: string): Promise<void> => {
    gate(name).reached.resolve();
    await gate(name).open?.promise;
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port,
    idleTimeout: 0, // A held stream is silent for as long as the test likes.
    async fetch(request) {
      if (request.method !== "POST" || !request.url.endsWith("/responses")) {
        return new Response("not found", { status: 404 });
      }
      const body = asRecord(await request.json());
      const asked = understand(body);
      const threadId = request.headers.get("thread-id") ?? undefined;
      requests.push({ at: Date.now(), ...asked, threadId, body });
      return respond(replyTo(asked), asked, requests.length, pass);
    },
  });

  const close = async (): Promise<void> => {
    for (const each of gates.values()) each.open?.resolve();
    await server.stop(true);
  };
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    requests,
    hold: (name) => (gate(name).open ??= Promise.withResolvers()),
    release(name) {
      gate(name).open?.resolve();
      gate(name).open = undefined;
    },
    reached: (name) => gate(name).reached.promise,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Gate {
  readonly reached: PromiseWithResolvers<void>;
  /** Present while the gate is held. */
  open: PromiseWithResolvers<void> | undefined;
}

function newGate(): Gate {
  return { reached: Promise.withResolvers(), open: undefined };
}

type Asked = Pick<ModelRequest, "kind" | "story" | "index">;

function understand(body: Readonly<Record<string, unknown>>): Asked {
  const input = Array.isArray(body["input"]) ? body["input"].map(asRecord) : [];
  if (JSON.stringify(body["text"] ?? "").includes('"title"')) {
    return { kind: "title", story: "title", index: 0 };
  }
  const lastUser = input.findLast((item) => item["role"] === "user");
  if (lastUser !== undefined && JSON.stringify(lastUser).includes("CONTEXT CHECKPOINT")) {
    return { kind: "compaction", story: "compaction", index: 0 };
  }
  const prompt = input.findLastIndex((item) => storyIn(item) !== undefined);
  const outputs = input
    .slice(prompt + 1)
    .filter((item) => String(item["type"]).endsWith("_output"));
  return { kind: "turn", story: storyIn(input[prompt]) ?? "chat", index: outputs.length };
}

function storyIn(item: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const type = item?.["type"];
  const fromOutside = item?.["role"] === "user" || type === "agent_message";
  return fromOutside ? /\bstory ([a-z-]+)/.exec(JSON.stringify(item))?.[1] : undefined;
}

function replyTo(asked: Asked): Reply {
  if (asked.kind === "title") return answer('{"title":"A short title"}');
  if (asked.kind === "compaction") return answer("A summary of what happened so far.");
  return (
    stories[asked.story]?.[asked.index] ??
    answer(`No story ${asked.story}/${asked.index} is known.`)
  );
}

function answer(text: string): Reply {
  return { pieces: [{ kind: "say", deltas: [text] }] };
}

async function respond(
  reply: Reply,
  asked: Asked,
  serial: number,
  pass: (gate: string) => Promise<void>,
): Promise<Response> {
  const name = `${asked.story}/${asked.index}`;
  if ("status" in reply) {
    await pass(name);
    return Response.json(reply.body, { status: reply.status });
  }
  const events = encodeReply(reply.pieces, {
    serial,
    usage: { input: 1200 + 300 * asked.index, cached: 800, output: 60, reasoning: 20 },
    pass: (piece: Piece & { kind: "gate" }) => pass(`${name}/${piece.name}`),
    start: () => pass(name),
  });
  return new Response(events, {
    headers: { "content-type": "text/event-stream", ...reply.headers },
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
