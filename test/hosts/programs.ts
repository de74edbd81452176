import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Given, Host } from "./hosts.ts";

/** Whole programs, each set up as its own documents say, with the scripted model in place of its own. */
const at = ({ folder }: Given, ...path: string[]) => join(folder, "node_modules", ...path);
const own = `${process.platform}-${process.arch}`;

function write(file: string, content: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
const asJson = (value: unknown) => JSON.stringify(value, null, 2);

export const claude = ({ model }: Given) => ({ ANTHROPIC_BASE_URL: model, ANTHROPIC_API_KEY: "none" });

const byHand = { first: false, newer: true } as const;

export const programs: readonly Host[] = [
  {
    ...byHand,
    id: "claude-code",
    title: "Claude Code, -p",
    command: (given) => ({
      command: at(given, "@anthropic-ai", `claude-code-${own}`, "claude"),
      args: [
        ...[
          "--mcp-config",
          write(join(given.home, "mcp.json"), asJson({ mcpServers: { skyprep: given.server } })),
        ],
        ...["--strict-mcp-config", "--model", "claude-sonnet-4-5", "--allowedTools", "mcp__skyprep"],
        ...["-p", given.prompt],
      ],
      env: claude(given),
    }),
  },
  {
    ...byHand,
    id: "codex",
    title: "Codex, exec",
    command(given) {
      const { command, args } = given.server;
      write(
        join(given.home, ".codex", "config.toml"),
        [
          'model = "gpt-5"',
          'model_provider = "scripted"',
          'approval_policy = "never"',
          "check_for_update_on_startup = false",
          "[analytics]",
          "enabled = false",
          "[model_providers.scripted]",
          'name = "scripted"',
          `base_url = "${given.model}/v1"`,
          'wire_api = "responses"',
          "[mcp_servers.skyprep]",
          `command = ${JSON.stringify(command)}`,
          `args = ${JSON.stringify(args)}`,
          'default_tools_approval_mode = "approve"',
          // Its first request would not wait for a server that is slow to start.
          "required = true",
          "startup_timeout_sec = 60",
          "",
        ].join("\n"),
      );
      return {
        command: given.node,
        args: [
          at(given, "@openai", "codex", "bin", "codex.js"),
          "exec",
          "--skip-git-repo-check",
          given.prompt,
        ],
      };
    },
  },
  {
    ...byHand,
    id: "gemini-cli",
    title: "Gemini CLI, -p",
    command(given) {
      write(
        join(given.home, ".gemini", "settings.json"),
        asJson({
          mcpServers: { skyprep: { ...given.server, trust: true } },
          security: { auth: { selectedType: "gemini-api-key" } },
          privacy: { usageStatisticsEnabled: false },
          general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        }),
      );
      const args = [at(given, "@google", "gemini-cli", "bundle", "gemini.js"), "--yolo", "--skip-trust"];
      return {
        command: given.node,
        args: [...args, "-m", "gemini-2.5-flash", "-p", given.prompt],
        env: { GEMINI_API_KEY: "none", GOOGLE_GEMINI_BASE_URL: given.model },
      };
    },
  },
  {
    ...byHand,
    id: "copilot",
    title: "Copilot CLI, -p",
    command(given) {
      write(
        join(given.home, ".copilot", "mcp-config.json"),
        asJson({ mcpServers: { skyprep: { type: "local", ...given.server, tools: ["*"] } } }),
      );
      return {
        command: at(given, "@github", `copilot-${own}`, "copilot"),
        args: ["--allow-all-tools", "--disable-builtin-mcps", "-p", given.prompt],
        env: {
          COPILOT_PROVIDER_BASE_URL: `${given.model}/v1`,
          COPILOT_PROVIDER_TYPE: "openai",
          COPILOT_PROVIDER_API_KEY: "none",
          COPILOT_MODEL: "gpt-5",
        },
      };
    },
  },
];
