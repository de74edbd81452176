import { problemText, readConfig } from "../../config/read-config.ts";
import type { Account } from "../../skyprep/api.ts";
import { Failure, SignInRefused } from "../../skyprep/response.ts";
import { sayFound } from "../account.ts";
import type { TerminalDialog } from "./asking.ts";
import { answered, Ended, type InitCommand } from "./command.ts";

/** Asks until SkyPrep knows the key; where nobody can be asked, says what to set. */
export async function accountFrom(
  command: InitCommand,
  asking: TerminalDialog | undefined,
): Promise<Account> {
  const { env, print } = command;
  const read = (apiKey: string | undefined, acctKey: string | undefined) =>
    readConfig(
      [],
      { SKYPREP_API_KEY: apiKey, SKYPREP_ACCT_KEY: acctKey, SKYPREP_BASE_URL: env.SKYPREP_BASE_URL },
      [],
    );
  const wrongWith = (setting: string, apiKey?: string, acctKey?: string) =>
    read(apiKey, acctKey).problems.find((problem) => problem.setting === setting)?.fix;
  const badUrl = read(undefined, undefined).problems.find(({ setting }) => setting === "SKYPREP_BASE_URL");
  if (badUrl) throw new Ended(problemText(badUrl), 2);

  let given = read(env.SKYPREP_API_KEY, env.SKYPREP_ACCT_KEY);
  for (let round = 0; ; round += 1) {
    const missing = given.problems.filter(({ setting }) => setting !== "SKYPREP_BASE_URL");
    if (missing.length > 0 || round > 0) {
      if (!asking) {
        throw new Ended(
          `Nobody can be asked here. Set these variables, then run it again with --client and, if you like, --read-only and --yes:\n${missing.map((problem) => `  ${problemText(problem)}`).join("\n")}`,
          2,
        );
      }
      const retry = round > 0;
      const acctKey =
        retry || wrongWith("SKYPREP_ACCT_KEY", "k", env.SKYPREP_ACCT_KEY)
          ? answered(
              await asking.text(
                "Your academy's domain",
                { example: "yourcompany.skyprepapp.com", before: given.acctKey },
                (value) => wrongWith("SKYPREP_ACCT_KEY", "k", value),
              ),
            )
          : env.SKYPREP_ACCT_KEY;
      const apiKey =
        retry || wrongWith("SKYPREP_API_KEY", env.SKYPREP_API_KEY, "a")
          ? answered(
              await asking.secret("Your academy's API key (it is not shown)", (value) =>
                wrongWith("SKYPREP_API_KEY", value, "a"),
              ),
            )
          : env.SKYPREP_API_KEY;
      given = read(apiKey, acctKey);
    }
    try {
      print(`This is ${sayFound(await command.look(given))}.`);
      return { apiKey: given.apiKey, acctKey: given.acctKey };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const why = `${saidPlainly(error)}\nNothing was written.`;
      if (!asking || round === 2) throw new Ended(why, 1);
      print(why);
    }
  }
}

/** What is wrong, without the names of variables that nobody here has set. */
const saidPlainly = (failure: Failure): string =>
  failure instanceof SignInRefused
    ? "SkyPrep does not take this key for this domain. Check both; the key may also be allowed from other computers only."
    : `${failure.message} ${failure.next}`;
