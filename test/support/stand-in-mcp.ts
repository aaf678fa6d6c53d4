// A Model Context Protocol server on stdin and stdout with one tool, `echo`, of a text or a file.
// https://modelcontextprotocol.io/specification
import { readFileSync } from "node:fs";
import process from "node:process";

interface Request {
  readonly id?: number;
  readonly method: string;
  readonly params?: {
    readonly protocolVersion?: string;
    readonly arguments?: { text?: string; file?: string };
  };
}

for await (const line of console) {
  const request: Request = JSON.parse(line);
  if (request.id === undefined) continue; // A notification.
  const answer = { jsonrpc: "2.0", id: request.id, result: resultOf(request) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function resultOf({ method, params }: Request): object {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "stand-in", version: "1" },
      };
    case "tools/list": {
      const inputSchema = {
        type: "object",
        properties: { text: { type: "string" }, file: { type: "string" } },
      };
      const tool = { name: "echo", description: "Says it again", inputSchema };
      return { tools: [{ ...tool, annotations: { readOnlyHint: true } }] };
    }
    case "tools/call":
      return { content: [{ type: "text", text: textOf(params?.arguments ?? {}) }] };
    default:
      return {};
  }
}

function textOf({ text, file }: { readonly text?: string; readonly file?: string }): string {
  return file === undefined ? (text ?? "") : readFileSync(file, "utf8");
}
