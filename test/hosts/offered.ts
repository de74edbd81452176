/** The name under which a host offers a tool of ours: bare, or behind the server's name and some sign between. */
export function nameOf(offered: readonly string[], tool: string): string | undefined {
  if (offered.includes(tool)) return tool;
  return offered
    .filter((name) => name.endsWith(tool) && /[^a-z0-9]$/i.test(name.slice(0, -tool.length)))
    .filter((name) => /skyprep[^a-z0-9]+$/i.test(name.slice(0, -tool.length)))
    .sort((a, b) => a.length - b.length)[0];
}
