import { expect, test } from "bun:test";
import { call, code, custom, event, item, response, timestamp, type Line } from "./lines.ts";
import { told } from "./events-of-line.ts";

const running = (target?: string) => work("running", target);
const work = (kind: string, target?: string, path?: string) =>
  `toolStarted ${JSON.stringify({ call: "c1", work: { kind, target, path } })}`;
const composite = (kind: string, target?: string, path?: string) =>
  `toolStarted ${JSON.stringify({ call: "c1", work: { kind, target, path }, composite: true })}`;

const table: readonly (readonly [Line, string])[] = [
  // Turns.
  [
    event("task_started", { turn_id: "t1", turn_attribution: { turn_trigger: "user" } }),
    'turnStarted {"turn":"t1"}',
  ],
  [
    event("task_started", { turn_id: "t1", model_context_window: 9 }),
    'turnStarted {"turn":"t1","unattributed":true,"contextWindow":9}',
  ],
  [event("task_complete", { turn_id: "t1", last_agent_message: null }), 'turnEnded {"turn":"t1"}'],
  [
    event("task_complete", {
      turn_id: "t1",
      error: { message: "m", codex_error_info: "usage_limit_exceeded" },
    }),
    'turnEnded {"turn":"t1","failure":{"reason":"usage_limit_exceeded","limit":true}}',
  ],
  [
    event("task_complete", {
      turn_id: "t1",
      error: { codex_error_info: { response_too_many_failed_attempts: { http_status_code: 429 } } },
    }),
    'turnEnded {"turn":"t1","failure":{"reason":"response_too_many_failed_attempts","limit":true}}',
  ],
  [
    event("task_complete", {
      turn_id: "t1",
      error: { codex_error_info: { http_connection_failed: { http_status_code: 401 } } },
    }),
    'turnEnded {"turn":"t1","failure":{"reason":"http_connection_failed","limit":false}}',
  ],
  [
    event("task_complete", { turn_id: "t1", error: {} }),
    'turnEnded {"turn":"t1","failure":{"reason":"other","limit":false}}',
  ],
  [event("turn_aborted", { turn_id: "t1", reason: "interrupted" }), 'turnAborted {"turn":"t1"}'],
  [event("turn_aborted"), "turnAborted {}"],
  [
    item("UserMessage", { client_id: "m1", content: [] }),
    'userPrompted {"turn":"t1","clientId":"m1"}',
  ],
  [item("UserMessage", { content: [] }), 'userPrompted {"turn":"t1"}'],
  [event("user_message", { message: "hi" }), "userPrompted {}"],
  // As a resumed legacy rollout is written.
  [event("user_message", { client_id: "m1", message: "hi" }), 'userPrompted {"clientId":"m1"}'],
  // Calls.
  [call("exec_command", { cmd: "npm test" }), running("npm test")],
  [
    call(
      "exec_command",
      { cmd: "cat a/b.md" },
      { internal_chat_message_metadata_passthrough: { turn_id: "t1" } },
    ),
    'toolStarted {"call":"c1","turn":"t1","work":{"kind":"reading","target":"b.md","path":"a/b.md"}}',
  ],
  [
    call("exec_command", { cmd: "make", sandbox_permissions: "require_escalated" }),
    'toolStarted {"call":"c1","work":{"kind":"running","target":"make"},"mayAsk":true}',
  ],
  [call("shell", { command: ["bash", "-lc", "rg secret"] }), work("searching", "rg")],
  [call("shell", "nonsense"), running()],
  [
    response("local_shell_call", { call_id: "c1", action: { type: "exec", command: ["ls"] } }),
    work("reading", "ls"),
  ],
  [call("write_stdin", { session_id: 1, chars: "secret" }), running()],
  [
    call("view_image", { path: "/home/me/pic.png" }),
    work("reading", "pic.png", "/home/me/pic.png"),
  ],
  [call("exec_command", { cmd: "cat a.ts", workdir: "~/other" }), work("reading", "a.ts")],
  [call("update_plan", { plan: [] }), work("planning")],
  [call("request_user_input", { questions: [] }), work("question")],
  [call("spawn_agent", { message: "secret" }, { namespace: "collaboration" }), work("delegating")],
  [call("wait_agent", {}, { namespace: "multi_agent_v1" }), work("delegating")],
  [call("wait", {}, { namespace: "multi_agent_v1" }), work("delegating")],
  [call("wait", { cell_id: 1 }), composite("running")],
  [call("search", { q: "secret" }, { namespace: "mcp__docs" }), work("tool", "docs.search")],
  [call("mcp__docs__find__all"), work("tool", "docs.find__all")],
  [call("something_new"), work("tool", "something_new")],
  [call("toString"), work("tool", "toString")],
  [call("sleep", { ms: 5 }, { namespace: "clock" }), work("thinking")],
  [
    custom("apply_patch", "*** Begin Patch\n*** Add File: /a/b/new file.txt\n+x\n*** End Patch"),
    work("editing", "new file.txt", "/a/b/new file.txt"),
  ],
  [
    custom("apply_patch", '*** Begin Patch\n*** Update File: C:\\new\\a\'s "b".ts\r\n@@'),
    work("editing", `a's "b".ts`, `C:\\new\\a's "b".ts`),
  ],
  [
    call("apply_patch", { input: "*** Begin Patch\n*** Add File: src/a.ts\n+x" }),
    work("editing", "a.ts", "src/a.ts"),
  ],
  [call("read_file", { file_path: "src/a.ts" }), work("reading", "a.ts", "src/a.ts")],
  [custom("apply_patch", ""), work("editing")],
  [response("tool_search_call", { call_id: "c1", arguments: "{}" }), work("tool", "tool_search")],
  // Code mode.
  [
    code('const r = await tools.exec_command({cmd: "npm test"});'),
    composite("running", "npm test"),
  ],
  [
    code("await tools.exec_command({ workdir: '/x', cmd: 'cat \\'a b.txt\\'' })"),
    composite("reading", "a b.txt"),
  ],
  [code("await tools.exec_command({cmd: `rg ${pattern} src`})"), composite("searching", "rg")],
  [code("await tools.exec_command({cmd: build(x)})"), composite("running")],
  [
    code("await tools.exec_command({cmd: build(x)}); await tools.exec_command({cmd: 'cat x.md'})"),
    composite("reading", "x.md", "x.md"),
  ],
  [
    code("await tools.apply_patch(`*** Begin Patch\n*** Update File: src/a.ts\n@@\n`)"),
    composite("editing", "a.ts", "src/a.ts"),
  ],
  [
    code('await tools.apply_patch("*** Begin Patch\\n*** Update File: src/a.ts\\n@@")'),
    composite("editing", "a.ts", "src/a.ts"),
  ],
  [code("await tools.mcp__docs__search({q: 'secret'})"), composite("tool", "docs.search")],
  [code("await tools.update_plan({})"), composite("planning")],
  [code("text('no tool at all')"), composite("running")],
  [code(""), composite("running")],
  // Ends of calls.
  [response("function_call_output", { call_id: "c1", output: "…" }), 'toolEnded {"call":"c1"}'],
  [
    response("function_call_output", { output: '"call_id":"no"', call_id: "c1" }),
    'toolEnded {"call":"c1"}',
  ],
  [response("custom_tool_call_output", { call_id: "c1", output: [] }), 'toolEnded {"call":"c1"}'],
  [
    item("CommandExecution", { command: ["/bin/bash", "-lc", "ls"] }),
    'toolEnded {"call":"c1","work":{"kind":"reading","target":"ls"}}',
  ],
  [
    item("FileChange", { changes: { "/a/b.ts": { type: "add" } } }),
    'toolEnded {"call":"c1","work":{"kind":"editing","target":"b.ts","path":"/a/b.ts"}}',
  ],
  [
    item("McpToolCall", { server: "docs", tool: "search" }),
    'toolEnded {"call":"c1","work":{"kind":"tool","target":"docs.search"}}',
  ],
  [
    item("ImageView", { path: "/a/b.png" }),
    'toolEnded {"call":"c1","work":{"kind":"reading","target":"b.png","path":"/a/b.png"}}',
  ],
  [
    item("CollabAgentToolCall", { tool: "wait" }),
    'toolEnded {"call":"c1","work":{"kind":"delegating"}}',
  ],
  [
    item("WebSearch", { query: "secret" }),
    'toolEnded {"call":"c1","work":{"kind":"searching"}} workSeen {"turn":"t1","work":{"kind":"searching"}}',
  ],
  [event("exec_command_end", { call_id: "c1" }), 'toolEnded {"call":"c1"}'],
  [event("patch_apply_end", { call_id: "c1" }), 'toolEnded {"call":"c1"}'],
  [event("mcp_tool_call_end", { call_id: "c1" }), 'toolEnded {"call":"c1"}'],
  // Compaction, settings, usage.
  [["compacted", { message: "…", replacement_history: [] }], "compacted {}"],
  [item("ContextCompaction"), "compacted {}"],
  [event("context_compacted"), "compacted {}"],
  [
    [
      "turn_context",
      {
        turn_id: "t1",
        cwd: "/w",
        model: "m",
        effort: "high",
        collaboration_mode: { mode: "plan" },
      },
    ],
    'settingsApplied {"settings":{"cwd":"/w","model":"m","effort":"high","planMode":true}}',
  ],
  [
    event("thread_settings_applied", {
      thread_settings: {
        model: "m",
        service_tier: "fast",
        collaboration_mode: { mode: "default", settings: { reasoning_effort: "low" } },
      },
    }),
    'settingsApplied {"settings":{"model":"m","effort":"low","serviceTier":"fast","planMode":false}}',
  ],
  [
    [
      "session_meta",
      {
        id: "T",
        cwd: "/w",
        source: { subagent: {} },
        parent_thread_id: "P",
        timestamp,
        git: { branch: "main", repository_url: "u" },
      },
    ],
    `sessionStarted {"facts":{"thread":"T","parent":"P","createdAt":${Date.parse(timestamp)},"cwd":"/w","source":"subagent","branch":"main","repository":"u"}}`,
  ],
  [event("token_count", { info: null, rate_limits: null }), ""],
  [
    event("token_count", {
      info: null,
      rate_limits: {
        limit_id: "codex",
        primary: null,
        secondary: null,
        credits: null,
        plan_type: null,
      },
    }),
    "",
  ],
  [
    event("token_count", {
      info: {
        total_token_usage: { input_tokens: 5, output_tokens: 2 },
        last_token_usage: {
          input_tokens: 1,
          cached_input_tokens: 1,
          output_tokens: 1,
          total_tokens: 2,
        },
        model_context_window: 100,
      },
    }),
    'usageReported {"total":{"input":5,"cached":0,"output":2,"reasoning":0,"total":7},"last":{"input":1,"cached":1,"output":1,"reasoning":0,"total":2},"contextWindow":100}',
  ],
  [
    event("token_count", {
      info: null,
      rate_limits: {
        primary: { used_percent: 100, window_minutes: 300, resets_at: 1000 },
        secondary: null,
        credits: { has_credits: true, unlimited: false, balance: "9.99" },
        plan_type: "plus",
      },
    }),
    'limitsReported {"limits":{"windows":[{"usedPercent":100,"minutes":300,"resetsAt":1000000}],"plan":"plus","credits":{"has":true,"unlimited":false,"balance":"9.99"}}}',
  ],
  // Of no interest, unknown, incomplete.
  [["world_state", { full: true }], "skipped"],
  [event("brand_new_event"), "unknown"],
  [item("BrandNewItem"), "unknown"],
  [["brand_new_line", {}], "unknown"],
  [response("function_call", { name: "x" }), "unknown"],
  [["session_meta", { cwd: "/w" }], "unknown"],
  [["token_usage_record", {}], "unknown"],
];

test.each(table)("%j", ([type, payload], expected) => {
  expect(told(JSON.stringify({ timestamp, ordinal: 3, type, payload }))).toBe(expected);
});

test.each(table)("keys in another order: %j", ([type, payload], expected) => {
  expect(told(JSON.stringify({ payload, type, ordinal: 3, timestamp }))).toBe(expected);
});
