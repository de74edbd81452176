/**
 * What to paste into each client so that it starts this clone on the pretend academy: works now, without a
 * key. Going live is the second step; what needs a published package stands apart.
 */
export function clientLines(program: string): string {
  const entry = { command: "node", args: [program, "--sandbox"] };
  const servers = JSON.stringify({ mcpServers: { skyprep: entry } }, null, 2);
  const vscode = JSON.stringify({ servers: { skyprep: { type: "stdio", ...entry } } }, null, 2);
  const quoted = JSON.stringify(program);
  return [
    "1. TRY IT IN YOUR ASSISTANT (pretend academy, no key)",
    "",
    "Claude Code, in a terminal:",
    `  claude mcp add --scope user skyprep -- node ${quoted} --sandbox`,
    "",
    "Claude Desktop (Settings, Developer, Edit Config) and Cursor (~/.cursor/mcp.json):",
    indented(servers),
    "",
    "VS Code (.vscode/mcp.json):",
    indented(vscode),
    "",
    "Then start the assistant anew and ask: “Who is overdue in the academy?”",
    "",
    "2. GO LIVE",
    "",
    `  node ${quoted} init`,
    "asks for your key and your academy's domain, checks them, and sets up the assistants it finds. Or by hand:",
    'take "--sandbox" out, and add your account beside "args":',
    '  "env": { "SKYPREP_API_KEY": "your key", "SKYPREP_ACCT_KEY": "yourcompany.skyprepapp.com", "SKYPREP_READ_ONLY": "true" }',
    "Begin read-only; take SKYPREP_READ_ONLY out when you want it to change things. In Claude Code:",
    `  claude mcp add -e SKYPREP_API_KEY=… -e SKYPREP_ACCT_KEY=… -e SKYPREP_READ_ONLY=true --scope user skyprep -- node ${quoted}`,
    "",
    "ONCE PUBLISHED (not yet): the same with  npx -y skyprep-mcp  in place of  node and the path.",
  ].join("\n");
}

const indented = (text: string): string => text.replace(/^/gm, "  ");
