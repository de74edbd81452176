import { describe, expect, it } from "vitest";
import { withoutKeys } from "../../src/text/keyed-links.ts";

describe("a key that a text carries", () => {
  it.each([
    "https://x.test/a?view_key=K3YK3YK3Y&x=1",
    "https://x.test/?a=1&amp;login_key=K3YK3YK3Y",
    "https://x.test/?view_key%253DK3YK3YK3Y",
    "https://x.test/?login%5Fkey=K3YK3YK3Y",
    "https://x.test/?user[login_key]=K3YK3YK3Y",
    "https://x.test/?view_key[]=K3YK3YK3Y",
    "https://x.test/calendar_key/K3YK3YK3Y",
    "https://x.test/?viewKey=K3YK3YK3Y",
    "https://x.test/?view-key=K3YK3YK3Y",
    "login_key: K3YK3YK3Y",
    "login_key = K3YK3YK3Y",
    '{"view_key":"K3YK3YK3Y"}',
    "https://x.test/sso?token=K3YK3YK3Y",
    "https://x.test/sso?a=1&access_token=K3YK3YK3Y&b=2",
  ])("goes, and its name stays: %s", (text) => {
    const left = withoutKeys(text);

    expect(left).not.toContain("K3Y");
    expect(left).toMatch(/(?:key|token).*•••/i);
  });

  it.each([
    "The key: read it twice. Key/value stores; a monkey=animal",
    "Bring your login key to room 4",
    "view_key is what the link ends in",
    "https://x.test/?keyboard=qwertyuiop",
  ])("is no mere mention of one: %s", (text) => {
    expect(withoutKeys(text)).toBe(text);
  });
});
