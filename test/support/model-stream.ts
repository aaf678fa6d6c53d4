import type { Piece } from "./model-stories.ts";

/** Token counts of one response; `cached` is part of `input`, `reasoning` part of `output`. */
export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface StreamOptions {
  /** Makes the ids of this response unique and the same in every run. */
  readonly serial: number;
  readonly usage: Usage;
  /** Awaited after `response.created`, before the first piece. */
  readonly start: () => Promise<void>;
  /** Awaited at a gate piece. */
  readonly pass: (piece: Piece & { kind: "gate" }) => Promise<void>;
}

/**
 * The server-sent events of one response of the Responses API, one chunk an event. Text goes out
 * in deltas; a text that a gate interrupts is one item all the same.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */
export async function* encodeReply(
  pieces: readonly Piece[],
  options: StreamOptions,
): AsyncGenerator<Uint8Array> {
  const id = `resp_${options.serial}`;
  yield event({
    type: "response.created",
    response: { id, object: "response", status: "in_progress" },
  });
  await options.start();
  let index = 0;
  let said: string | undefined;
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind === "gate") {
      await options.pass(piece);
      continue;
    }
    const itemId = `${prefixes[piece.kind]}_${options.serial}_${index}`;
    if (piece.kind === "say") {
      if (said === undefined) yield event(added(index, message(itemId, "", "in_progress")));
      for (const delta of piece.deltas) {
        said = (said ?? "") + delta;
        yield event({
          type: "response.output_text.delta",
          item_id: itemId,
          output_index: index,
          content_index: 0,
          delta,
        });
      }
      if (continuesAfterGate(pieces, at)) continue;
      yield event(done(index, message(itemId, said ?? "", "completed")));
      said = undefined;
    } else {
      yield* encodeItem(piece, itemId, index);
    }
    index += 1;
  }
  yield event({
    type: "response.completed",
    response: { id, object: "response", status: "completed", usage: usageOf(options.usage) },
  });
}

interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

const prefixes = { think: "rs", say: "msg", call: "fc", custom: "ctc", search: "ws" } as const;

type Item = Exclude<Piece, { kind: "gate" } | { kind: "say" }>;

function* encodeItem(piece: Item, id: string, index: number): Generator<Uint8Array> {
  const callId = `call_${id}`;
  switch (piece.kind) {
    case "think": {
      yield event(added(index, { type: "reasoning", id, summary: [] }));
      const where = { item_id: id, output_index: index, summary_index: 0 };
      yield event({
        type: "response.reasoning_summary_part.added",
        ...where,
        part: { type: "summary_text", text: "" },
      });
      for (const delta of piece.deltas) {
        yield event({ type: "response.reasoning_summary_text.delta", ...where, delta });
      }
      const summary = [{ type: "summary_text", text: piece.deltas.join("") }];
      yield event(done(index, { type: "reasoning", id, summary }));
      return;
    }
    case "call": {
      const item = {
        type: "function_call",
        id,
        call_id: callId,
        name: piece.name,
        ...(piece.namespace === undefined ? {} : { namespace: piece.namespace }),
      };
      yield event(added(index, { ...item, arguments: "", status: "in_progress" }));
      const args = JSON.stringify(piece.args);
      yield event(done(index, { ...item, arguments: args, status: "completed" }));
      return;
    }
    case "custom": {
      const item = { type: "custom_tool_call", id, call_id: callId, name: piece.name };
      yield event(added(index, { ...item, input: "", status: "in_progress" }));
      yield event(done(index, { ...item, input: piece.input, status: "completed" }));
      return;
    }
    case "search": {
      const item = { type: "web_search_call", id };
      yield event(added(index, { ...item, status: "in_progress" }));
      const action = { type: "search", query: piece.query };
      yield event(done(index, { ...item, status: "completed", action }));
      return;
    }
  }
}

function continuesAfterGate(pieces: readonly Piece[], at: number): boolean {
  return pieces[at + 1]?.kind === "gate" && pieces[at + 2]?.kind === "say";
}

function message(id: string, text: string, status: string): object {
  const content = text === "" ? [] : [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id, role: "assistant", status, content };
}

function added(index: number, item: object): StreamEvent {
  return { type: "response.output_item.added", output_index: index, item };
}

function done(index: number, item: object): StreamEvent {
  return { type: "response.output_item.done", output_index: index, item };
}

function usageOf(usage: Usage): object {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

function event(data: StreamEvent): Uint8Array {
  return new TextEncoder().encode(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
}
