import { defaultBaseUrl } from "../config.ts";

export const help = (
  sections: readonly string[],
): string => `skyprep-mcp: administer a SkyPrep academy from an assistant (MCP over stdio)

  skyprep-mcp                        serve one client over stdin and stdout
  skyprep-mcp --sandbox              the same on a built-in pretend academy; no key needed
  skyprep-mcp sandbox --port 8080    that academy as a web service on 127.0.0.1
  skyprep-mcp journal                what was done: verify, show, forget <login>
  skyprep-mcp --help, --version

Settings: a variable, or the same name as a flag (SKYPREP_READ_ONLY is --read-only).

  SKYPREP_API_KEY         the account's API key (variable only)
  SKYPREP_ACCT_KEY        the account's domain, e.g. yourcompany.skyprepapp.com (variable only)
  SKYPREP_SANDBOX         true: the pretend academy
  SKYPREP_SANDBOX_USERS   how many people it has, 10 to 20000 (302)
  SKYPREP_SANDBOX_STRICT  true: it ignores what SkyPrep's API page does not name
  SKYPREP_READ_ONLY       true: nothing can be changed
  SKYPREP_SECTIONS        which tools are offered (all):
                          ${sections.slice(0, 8).join(" ")}
                          ${sections.slice(8).join(" ")}
  SKYPREP_CUSTOM_FIELDS   your names for custom fields, e.g. ca_0=Region,ca_1=Cost centre
  SKYPREP_REVEAL          personal: also show addresses, phones, birth dates; never
                          social security numbers or links that carry keys
  SKYPREP_CALLS_PER_MINUTE  calls to SkyPrep, of all processes together (100, SkyPrep's limit)
  SKYPREP_LOG             warn, info (a line a call) or debug, on stderr (warn)
  SKYPREP_STATE_DIR       where reports are kept as files (your platform's state folder)
  SKYPREP_TIMEOUT         seconds for a whole call (50)
  SKYPREP_BASE_URL        where the API is (${defaultBaseUrl})

Until a person can be asked first, this version removes nothing and grants nothing on a real
account; on the sandbox everything works.
`;
