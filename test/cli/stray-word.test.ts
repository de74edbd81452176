import { describe, expect, it } from "vitest";
import { splitAtCall } from "../../src/cli/call/command-line.ts";
import { commands, strayWord } from "../../src/cli/stray-word.ts";

describe("a word that is no command", () => {
  it.each([
    ["--confrim unattended --sandbox call find --text avery", /--confrim: .*Did you mean --confirm\?/],
    ["--sandbox cal find --text avery", /--text: it is not a setting/],
    ["--sandbox cal find", /no command; .*Did you mean call\?/],
    ["cal find", /Did you mean call\?/],
    ["--sandbox policy chek p.json", /policy has to be the first word/],
    ["--sandbox run x", /Did you mean runs\?/],
    ["--timeout 20 docter", /Did you mean doctor\?/],
    ["--read-only false", /--read-only=true or --read-only=false/],
    ["--policy-file p.json", /Did you mean --policy\?/],
    ["-- call find", /call has to be the first word/],
  ])("%s starts nothing, and says what may have been meant", (line, said) => {
    const words = line.split(" ");

    expect(splitAtCall(words)).toBeUndefined();
    expect(strayWord(words)).toMatch(said);
  });

  it("is not repeated: it may be a key", () => {
    expect(strayWord(["--sandbox", "s3cret-value"])).not.toContain("s3cret");
  });

  it.each([
    "",
    "--sandbox",
    "--sections users --timeout 20",
    "--confirm nonsense",
    "--nonsense",
    "--api-key k-1234",
  ])("is none of these, which start a server as before: %s", (line) =>
    expect(strayWord(line.split(" ").filter(Boolean))).toBeUndefined(),
  );

  it("is no command of the program", () => {
    for (const command of commands)
      expect(strayWord(["--sandbox", command])).toContain(`skyprep-mcp ${command} …`);
  });
});
