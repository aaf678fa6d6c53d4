/** Lines of rollouts, made by hand. */
export type Line = readonly [type: string, payload: object];

export const encoder = new TextEncoder();
export const timestamp = "2026-01-01T00:00:00.000Z";
export const event = (type: string, more: object = {}): Line => ["event_msg", { type, ...more }];
export const response = (type: string, more: object = {}): Line => [
  "response_item",
  { type, ...more },
];
export const item = (type: string, more: object = {}): Line =>
  event("item_completed", { thread_id: "T", turn_id: "t1", item: { type, id: "c1", ...more } });
export const call = (name: string, args: unknown = {}, more: object = {}): Line =>
  response("function_call", { name, arguments: JSON.stringify(args), call_id: "c1", ...more });
export const custom = (name: string, input: string): Line =>
  response("custom_tool_call", { id: "x", status: "completed", call_id: "c1", name, input });
export const code = (script: string): Line => custom("exec", script);
