/** One thing the stand-in model puts into a response, in order. */
export type Piece =
  | { readonly kind: "think"; readonly deltas: readonly string[] }
  | { readonly kind: "say"; readonly deltas: readonly string[] }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly namespace?: string;
      readonly args: object;
    }
  | { readonly kind: "custom"; readonly name: string; readonly input: string }
  | { readonly kind: "search"; readonly query: string }
  /** Stops here while the test holds `<story>/<response>/<name>`. */
  | { readonly kind: "gate"; readonly name: string };

/** One answer of the model service: a stream of pieces, or a refusal. */
export type Reply =
  | { readonly pieces: readonly Piece[]; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly body: object };

/** The replies to one prompt: the first to the prompt, each next one to the tools' outputs. */
export type Story = readonly Reply[];

/** When the invented usage limit resets, in Unix seconds (far away, so that it never passes). */
export const usageLimitResetsAt = 4_102_444_800;

/**
 * What the model does for the prompt `story <name>`. Every response also stops before its first
 * piece while the test holds `<name>/<index of the response>`.
 */
export const stories: Readonly<Record<string, Story>> = {
  chat: [
    { pieces: [think("**Greeting** the user"), say("Hello", ", this is", " a short", " answer.")] },
  ],

  /** Names a picture of the project, which Codex opens in its sidebar when the link is clicked. */
  picture: [{ pieces: [say("Here it is: ", "[the picture](picture.png)", ".")] }],

  long: [{ pieces: [say(...longAnswer(120))] }],

  /** Streams a little, then waits at `stream/0/middle`: the place to interrupt. */
  stream: [
    { pieces: [say("First half", " of the answer. "), gate("middle"), say("Second half.")] },
  ],

  shell: [run("echo hello from the shell"), { pieces: [say("The command ran.")] }],

  /** Runs until the test opens the project's gate (`codex-home.ts`). */
  build: [run("sh build.sh"), { pieces: [say("The build is done.")] }],

  read: [
    run("cat README.md"),
    run("sed -n '1,20p' src/greet.ts"),
    run("ls src"),
    { pieces: [say("I have read the project.")] },
  ],

  search: [run("grep -rn greet ."), { pieces: [say("Found it.")] }],

  patch: [
    { pieces: [say("I add a file."), patch("*** Add File: notes.txt", "+one", "+two")] },
    { pieces: [patch("*** Update File: notes.txt", "@@", "-one", "+first", " two")] },
    { pieces: [say("Both edits are made.")] },
  ],

  /** Each tool goes on until the test opens the project's gate, which `makeGate` has made. */
  "read-held": [run("cat build.gate"), { pieces: [say("I have read it.")] }],
  "search-held": [run("grep -n greet build.gate"), { pieces: [say("Found it.")] }],
  "mcp-held": [
    { pieces: [call("echo", { file: "build.gate" }, "mcp__standin")] },
    { pieces: [say("The server answered.")] },
  ],
  /** Goes on until the test reads the project's gate. */
  "patch-held": [
    { pieces: [patch("*** Add File: build.gate", "+one", "+two")] },
    { pieces: [say("The edit is made.")] },
  ],

  approve: [
    {
      pieces: [
        call("exec_command", {
          cmd: "touch approved.txt",
          sandbox_permissions: "require_escalated",
          justification: "May I create a file outside the sandbox?",
        }),
      ],
    },
    { pieces: [say("Thank you, it is done.")] },
  ],

  /** Approval first; then the command runs until the test opens the project's gate. */
  "approve-build": [
    {
      pieces: [
        call("exec_command", {
          cmd: "sh build.sh",
          sandbox_permissions: "require_escalated",
          justification: "May I build outside the sandbox?",
        }),
      ],
    },
    { pieces: [say("The build is done.")] },
  ],

  /** Codex offers this tool in Plan mode only. */
  question: [
    {
      pieces: [
        call("request_user_input", {
          questions: [
            {
              id: "colour",
              header: "Colour",
              question: "Which colour do you like?",
              options: [
                { label: "Red (Recommended)", description: "warm" },
                { label: "Blue", description: "cold" },
              ],
            },
          ],
        }),
      ],
    },
    { pieces: [say("Then it is settled.")] },
  ],

  /** Needs `tools.update_plan={enabled=true}`. */
  plan: [
    plan("in_progress", "pending"),
    plan("completed", "in_progress"),
    plan("completed", "completed"),
    { pieces: [say("The plan is carried out.")] },
  ],

  web: [{ pieces: [{ kind: "search", query: "how to greet" }, say("The web says hello.")] }],

  /** For models that only know code mode (all of 0.169 but gpt-5.5). */
  "code-mode": [
    {
      pieces: [
        {
          kind: "custom",
          name: "exec",
          input:
            'const r = await tools.exec_command({cmd: "sh build.sh"});\ntext(JSON.stringify(r));\n',
        },
      ],
    },
    { pieces: [say("The script is done.")] },
  ],

  /** For models with the `collaboration` tools. The child gets the story `child`. */
  spawn: [
    {
      pieces: [
        call("spawn_agent", { task_name: "helper", message: "story child" }, "collaboration"),
      ],
    },
    { pieces: [call("wait_agent", { timeout_ms: 20_000 }, "collaboration")] },
    { pieces: [say("My helper is done.")] },
  ],
  child: [{ pieces: [say("The child's answer.")] }],

  /** Needs the MCP server of `stand-in-mcp.ts` under the name `standin`. */
  mcp: [
    { pieces: [call("echo", { text: "hello" }, "mcp__standin")] },
    { pieces: [say("The server answered.")] },
  ],

  limits: [
    {
      headers: {
        "x-codex-primary-used-percent": "37",
        "x-codex-primary-window-minutes": "300",
        "x-codex-primary-reset-at": String(usageLimitResetsAt),
        "x-codex-secondary-used-percent": "81",
        "x-codex-secondary-window-minutes": "10080",
        "x-codex-secondary-reset-at": String(usageLimitResetsAt),
      },
      pieces: [say("You have some of your limit left.")],
    },
  ],

  "usage-limit": [
    {
      status: 429,
      body: {
        error: {
          type: "usage_limit_reached",
          message: "The usage limit has been reached",
          plan_type: "plus",
          resets_at: usageLimitResetsAt,
        },
      },
    },
  ],

  "server-error": [
    { status: 500, body: { error: { type: "server_error", message: "The server had an error" } } },
  ],
};

function think(...deltas: readonly string[]): Piece {
  return { kind: "think", deltas };
}

function say(...deltas: readonly string[]): Piece {
  return { kind: "say", deltas };
}

function gate(name: string): Piece {
  return { kind: "gate", name };
}

function call(name: string, args: object, namespace?: string): Piece {
  return { kind: "call", name, args, ...(namespace === undefined ? {} : { namespace }) };
}

function run(cmd: string): Reply {
  return { pieces: [call("exec_command", { cmd })] };
}

function patch(...lines: readonly string[]): Piece {
  return {
    kind: "custom",
    name: "apply_patch",
    input: ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n"),
  };
}

function plan(first: string, second: string): Reply {
  const steps = [
    { step: "Read the code", status: first },
    { step: "Change the code", status: second },
  ];
  return { pieces: [call("update_plan", { plan: steps })] };
}

function longAnswer(lines: number): string[] {
  return Array.from({ length: lines }, (_, i) => `Line ${i + 1} of a long answer.\n\n`);
}
