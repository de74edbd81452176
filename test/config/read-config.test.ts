import { describe, expect, it } from "vitest";
import { problemText, readConfig } from "../../src/config/read-config.ts";
import { defaultBaseUrl, settingsInOrder, variable } from "../../src/config/settings.ts";
import { sections } from "../../tools/index.ts";

const names = Object.keys(sections);
const account = { SKYPREP_API_KEY: "k-123456", SKYPREP_ACCT_KEY: "academy.example.com" };
const read = (env: Record<string, string> = {}, argv: string[] = []) => readConfig(argv, env, names);
const problems = (env: Record<string, string>, argv: string[] = []) =>
  read(env, argv).problems.map(problemText);

describe("settings", () => {
  it("needs a key and a domain unless it runs on the sandbox", () => {
    expect(problems({}).join("\n")).toMatch(/SKYPREP_API_KEY: .*--sandbox[\s\S]*SKYPREP_ACCT_KEY/);
    expect(problems({}, ["--sandbox"])).toEqual([]);
    expect(problems({ SKYPREP_SANDBOX: "true" })).toEqual([]);
    expect(problems(account)).toEqual([]);
  });

  it("takes a flag under the same name as the variable, and the flag wins", () => {
    expect(read({ ...account, SKYPREP_READ_ONLY: "false" }, ["--read-only"]).readOnly).toBe(true);
    expect(read(account, ["--sections", "users,courses"]).sections).toEqual(["users", "courses"]);
    expect(read(account, ["--timeout=20"]).timeoutMs).toBe(20_000);
  });

  it.each(["--api-key", "--acct-key", "--approval-pin"])(
    "refuses %s as a flag, without repeating its value",
    (flag) => {
      const said = problems({}, [`${flag}=s3cret-value`, "--sandbox"]).join("\n");

      expect(said).toMatch(/other users of this computer/);
      expect(said).not.toContain("s3cret-value");
    },
  );

  it("does not repeat a stray word, which may be a key", () => {
    const said = problems(account, ["s3cret-value"]).join("\n");

    expect(said).toMatch(/not?.*command/);
    expect(said).not.toContain("s3cret-value");
  });

  it.each(["", "  ", "${user_config.api_key}", "${SKYPREP_API_KEY}"])("takes %j for unset", (value) => {
    expect(problems({ ...account, SKYPREP_API_KEY: value }).join()).toMatch(/SKYPREP_API_KEY/);
    expect(read({ ...account, SKYPREP_TIMEOUT: value, SKYPREP_LOG: value }).problems).toEqual([]);
  });

  it.each(["SKYPREP_POLICY", "SKYPREP_READ_ONLY", "SKYPREP_CONFIRM"])(
    "%s protects: a `${…}` that nobody filled in is wrong, but for a bundle's own empty field",
    (name) => {
      for (const left of ["", "${user_config.confirm}", " ${user_config.policy} "])
        expect(problems({ ...account, [name]: left.trim() })).toEqual([]);
      for (const value of ["${POLICY}", " ${X} ", "${env:X}", "${input:x}", "${}", "${user_config.a}x"])
        expect(problems({ ...account, [name]: value })).toEqual([
          expect.stringMatching(new RegExp(`^${name}: .*placeholder.*not filled in`)),
        ]);
      expect(read({ ...account, SKYPREP_READ_ONLY: "${X}", SKYPREP_CONFIRM: "${X}" })).toMatchObject({
        readOnly: true,
        confirm: "human",
      });
    },
  );

  it("strips a pasted address down to the domain, and takes custom domains", () => {
    const domainOf = (value: string) => read({ ...account, SKYPREP_ACCT_KEY: value }).acctKey;

    expect(domainOf("https://academy.skyprepapp.com/")).toBe("academy.skyprepapp.com");
    expect(domainOf("http://academy.skyprepapp.com/admin/users")).toBe("academy.skyprepapp.com");
    expect(domainOf("training.company.org")).toBe("training.company.org");
    expect(problems({ ...account, SKYPREP_ACCT_KEY: "not a domain" }).join()).toMatch(/bare domain/);
  });

  it.each([
    "http://api.skyprep.io/admin/api",
    "ftp://127.0.0.1",
    "https://u:p@api.skyprep.io",
    "https://x.io/?a=1",
    "nonsense",
  ])("refuses %s as the API's address", (value) => {
    const config = read({ ...account, SKYPREP_BASE_URL: value });

    expect(config.problems.map(problemText).join()).toMatch(/SKYPREP_BASE_URL/);
    expect(config.baseUrl).toBe(defaultBaseUrl);
  });

  it.each([
    "http://127.0.0.1:8080/admin/api",
    "http://localhost:1/x",
    "http://[::1]:2",
    "https://proxy.example.com/api",
  ])("takes %s as the API's address", (value) => {
    expect(read({ ...account, SKYPREP_BASE_URL: value }).problems).toEqual([]);
  });

  it("names the sections there are when one is misspelt", () => {
    const config = read({ ...account, SKYPREP_SECTIONS: "users, corses" });

    expect(config.problems.map(problemText).join()).toMatch(/no section corses; there are account, users/);
    expect(config.sections).toEqual(["users"]);
  });

  it("is read-only when it cannot tell", () => {
    const config = read({ ...account, SKYPREP_READ_ONLY: "maybe" });

    expect(config.readOnly).toBe(true);
    expect(config.problems.map(problemText).join()).toMatch(/SKYPREP_READ_ONLY: set it to true or false/);
  });

  it.each(["0", "-1", "1.5", "601", "soon"])("refuses %s seconds", (value) => {
    expect(problems({ ...account, SKYPREP_TIMEOUT: value }).join()).toMatch(/SKYPREP_TIMEOUT: .*1 to 600/);
  });

  it("reads the tenant's labels, and refuses those it cannot tell apart", () => {
    expect(
      read({ ...account, SKYPREP_CUSTOM_FIELDS: "ca_0=Region, ca_10=Cost centre" }).customFields,
    ).toEqual(
      new Map([
        ["region", "ca_0"],
        ["cost centre", "ca_10"],
      ]),
    );
    for (const value of ["ca_11=x", "Region", "ca_1=", "ca_0=A,ca_1=a"]) {
      expect(problems({ ...account, SKYPREP_CUSTOM_FIELDS: value }).join()).toMatch(/SKYPREP_CUSTOM_FIELDS/);
    }
  });

  it("names an unknown flag, and warns of more calls than SkyPrep allows", () => {
    expect(problems(account, ["--read-onyl"]).join()).toMatch(/--read-onyl: it is not a setting/);
    expect(read({ ...account, SKYPREP_CALLS_PER_MINUTE: "100" }).notes).toEqual([]);
    expect(read({ ...account, SKYPREP_CALLS_PER_MINUTE: "250" }).notes.join()).toMatch(
      /250: SkyPrep allows 100/,
    );
    expect(problems({ ...account, SKYPREP_LOG: "loud" }).join()).toMatch(/SKYPREP_LOG: set it to warn/);
  });

  const placeholders = [
    "{env:SKYPREP_X}",
    "{{SKYPREP_X}}",
    "%SKYPREP_X%",
    "<YOUR_API_KEY>",
    "YOUR_API_KEY",
    "$SKYPREP_X",
    "$env:SKYPREP_X",
    "$(pass show x)",
    "x${SKYPREP_X}",
    "[your key]",
    '"$SKYPREP_X"',
    "'{{SKYPREP_X}}'",
    "__SKYPREP_X__",
    "%(SKYPREP_X)s",
    "$[SKYPREP_X]",
    "env:SKYPREP_X",
    "process.env.SKYPREP_X",
    "op://Private/SkyPrep/key",
    "your-api-key-here",
    "PIN_HERE",
  ];
  it.each([
    "pa$$word",
    "100%sure",
    "_under_",
    "env-9-lake",
    "{half-open",
    "here-I-am",
    "ab<cd>ef",
    "my key ring",
  ])("takes %s for a PIN", (pin) => {
    expect(problems({ ...account, SKYPREP_APPROVAL_PIN: pin })).toEqual([]);
  });
  it.each(settingsInOrder.flatMap(([name]) => placeholders.map((value) => [variable(name), value])))(
    "%s = %s is wrong, named once, never taken for unset, and not repeated",
    (name, value) => {
      const said = read({ ...account, [name]: value }).problems.filter(({ setting }) => setting === name);

      expect(said).toEqual([{ setting: name, fix: expect.stringMatching(/placeholder.*not filled in/) }]);
      expect(JSON.stringify(said)).not.toContain(value);
    },
  );

  it("has every protection on where a placeholder stands in its place", () => {
    const config = read({ ...account, SKYPREP_READ_ONLY: "{env:X}", SKYPREP_CONFIRM: "%X%" });

    expect(config).toMatchObject({ readOnly: true, confirm: "human" });
  });

  it.each(["SKYPREP_READONLY", "skyprep_read_only", "SKYPREP_MAX_DELETION", "SKYPREP_APPROVALPIN"])(
    "says what %s was meant as: by itself it would set nothing",
    (name) => {
      expect(problems({ ...account, [name]: "true" }).join()).toMatch(/it is not a setting; SKYPREP_\w+ is/);
      expect(problems({ ...account, [name]: "" })).toEqual([]);
    },
  );

  it.each([
    ["SKYPREP_POLCY", "SKYPREP_POLICY"],
    ["SKYPREP_POLICY_FILE", "SKYPREP_POLICY"],
    ["SKYPREP_MCP_POLICY", "SKYPREP_POLICY"],
    ["SKYPREP_CONFRIM", "SKYPREP_CONFIRM"],
    ["SKYPREP_CONFIRMATION", "SKYPREP_CONFIRM"],
    ["SKYPREP_READ_OLNY", "SKYPREP_READ_ONLY"],
    ["SKYPREP_READ_ONLY_MODE", "SKYPREP_READ_ONLY"],
    ["SKYPREP_READ-ONLY", "SKYPREP_READ_ONLY"],
    ["SKY_PREP_READ_ONLY", "SKYPREP_READ_ONLY"],
    ["SKYPREP_CALL_PER_MINUTE", "SKYPREP_CALLS_PER_MINUTE"],
    ["SKYPREP_STATE", "SKYPREP_STATE_DIR"],
    ["SKYPREP_PIN", "SKYPREP_APPROVAL_PIN"],
  ])("%s sets nothing, and is said to be %s", (name, near) => {
    const fix = `it is not a setting; ${near} is. Rename it.`;
    expect(read({ ...account, [name]: "x" }).problems).toEqual([{ setting: name, fix }]);
    expect(problems({ ...account, [name]: "${user_config.x}" })).toEqual([]);
  });

  it("finds what every setting was meant as, with two letters swapped or one left out", () => {
    for (const [setting] of settingsInOrder) {
      const name = variable(setting);
      for (let at = "SKYPREP_".length; at < name.length - 1; at++) {
        const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
        for (const slip of [swapped, name.slice(0, at) + name.slice(at + 1)]) {
          if (slip === name) continue;
          expect(problems({ ...account, [slip]: "x" }).join(), slip).toMatch(new RegExp(`\\b${name}\\b`));
        }
      }
    }
  });

  it("notes a variable that is like none of ours, which may be another program's", () => {
    const config = read({
      ...account,
      SKYPREP_WEBHOOK_COLOUR: "s3cret",
      SKYPREP_EMPTY_COLOUR: "",
      SKYPREP_HOST_RUN: "{}",
    });

    expect(config.problems).toEqual([]);
    expect(config.notes).toEqual(["SKYPREP_WEBHOOK_COLOUR is no setting of this program, and sets nothing."]);
  });

  it("says what a flag was meant as", () => {
    expect(problems(account, ["--confrim=unattended"]).join()).toMatch(
      /--confrim: .*Did you mean --confirm\?/,
    );
    expect(problems(account, ["--policy-file=x"]).join()).toMatch(/Did you mean --policy\?/);
  });

  it.each(["~/skyprep", "$HOME/skyprep", "%APPDATA%\\skyprep"])("refuses %s as the state folder", (value) => {
    expect(problems({ ...account, SKYPREP_STATE_DIR: value }).join()).toMatch(/SKYPREP_STATE_DIR/);
  });

  it.each(["userz", ",", " , ,", ";", " ", "\t \n"])(
    "SKYPREP_SECTIONS=%j is wrong, and leaves tools that say so",
    (value) => {
      const config = read({ ...account, SKYPREP_SECTIONS: value });

      expect(config.problems.map(problemText).join()).toMatch(/SKYPREP_SECTIONS: .*there are account, users/);
      expect(config.sections).toBeUndefined();
    },
  );
});
