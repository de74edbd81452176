import { type Setting, settingsInOrder, variable } from "../config/settings.ts";

export const help = (
  sections: readonly string[],
): string => `skyprep-mcp: administer a SkyPrep academy from an assistant (MCP over stdio)

  skyprep-mcp init                   set up your assistants: asks for key and domain, checks them, writes the entries
  skyprep-mcp doctor                 says what works, and what to do about what does not
  skyprep-mcp probe                  finds out what your account answers like, by reads alone, for a file without names
  skyprep-mcp                        serve one client over stdin and stdout
  skyprep-mcp --sandbox              the same on a built-in pretend academy; no key needed
  skyprep-mcp sandbox --port 8080    that academy as a web service on 127.0.0.1
  skyprep-mcp call TOOL --argument … one tool, from a terminal or a script, without an assistant: call --help
  skyprep-mcp journal                what was done: verify, show, export, forget <login>
  skyprep-mcp runs                   what was done under a name (SKYPREP_RUN)
  skyprep-mcp policy check FILE      what a policy allows an agent, tool by tool
  skyprep-mcp serve --http           serve a team and many academies over HTTP: serve --help
  skyprep-mcp token                  that server's tokens: new, list, revoke
  skyprep-mcp --help, --version

Settings: a variable, or the same name as a flag (SKYPREP_READ_ONLY is --read-only).

${words(({ asking }) => !asking)}

Sections: ${wrapped(sections.join(" "), 90).join("\n          ")}

Before anything is deleted, removed or handed out, a person is asked: by the assistant's own
form, or on a page of this computer that opens in the browser.

${words(({ asking }) => asking === true)}
`;

const column = 26;

function words(which: (setting: Setting) => boolean): string {
  return settingsInOrder
    .filter(([, setting]) => which(setting))
    .map(([name, { says, otherwise, secret }]) => {
      const more = [...(otherwise ? [otherwise] : []), ...(secret ? ["variable only"] : [])];
      const text = wrapped(`${says}${more.length > 0 ? ` (${more.join("; ")})` : ""}`, 78);
      return `  ${variable(name).padEnd(column)}${text.join(`\n${" ".repeat(column + 2)}`)}`;
    })
    .join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
