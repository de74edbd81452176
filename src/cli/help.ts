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
  SKYPREP_STATE_DIR       where reports and the journal are kept (your platform's state folder)
  SKYPREP_TIMEOUT         seconds for a whole call (50)
  SKYPREP_BASE_URL        where the API is (${defaultBaseUrl})

Before anything is deleted, removed or handed out, a person is asked: by the assistant's own
form, or on a page of this computer that opens in the browser.

  SKYPREP_CONFIRM         ask; human (a code is never enough); unattended (only enrolling many
                          goes on unasked, the rest is refused); off (nobody is asked)
  SKYPREP_APPROVAL_PIN    asked for on that page (variable only); six characters or more
  SKYPREP_MAX_DELETIONS   deletions an hour (25)
  SKYPREP_MAX_PEOPLE      people one call may affect (1000)
  SKYPREP_MAX_GRANTS      grants of power an hour (10)
  SKYPREP_KEEP_DAYS       how long what was there before a change is kept, for undoing (30; 0: not)
`;
