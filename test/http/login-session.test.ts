import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { browser } from "../support/identity-provider.ts";
import { minute, type PagesBehindLogin, pagesBehindLogin } from "./login.ts";

describe("being signed in", () => {
  let here: PagesBehindLogin;
  beforeEach(async () => {
    here = await pagesBehindLogin();
  });
  afterEach(() => here.end());

  it("ends after half an hour without a page, and after eight hours with them", async () => {
    const one = browser();
    const signedIn = async () => (await one.once(`${here.base}/approvals`)).status === 200;
    await here.textAt(one);

    here.later = 29 * minute;
    expect(await signedIn()).toBe(true);
    here.later = 58 * minute;
    expect(await signedIn()).toBe(true);
    here.later = 89 * minute;
    expect(await signedIn()).toBe(false);
    here.later = 0;
    const other = browser();
    await here.textAt(other);
    const stillIn = async () => (await other.once(`${here.base}/approvals`)).status === 200;
    for (let at = 0; at < 479; at += 20) {
      here.later = at * minute;
      expect(await stillIn()).toBe(true);
    }
    here.later = 481 * minute;
    expect(await stillIn()).toBe(false);
  });

  it("ends when they sign out by a page of ours, and by nobody else's", async () => {
    const one = browser();
    await here.textAt(one);
    const kept = one.jarOf(here.base).get("skyprep-session") ?? "";
    const out = (origin?: string) =>
      one.once(`${here.base}/logout`, { method: "POST", headers: origin === undefined ? {} : { origin } });

    for (const origin of ["https://evil.example", "null", undefined])
      expect((await out(origin)).status).toBe(403);
    expect((await one.once(`${here.base}/logout`)).status).toBe(200);
    expect((await one.once(`${here.base}/approvals`)).status).toBe(200);
    expect((await out(here.base)).status).toBe(200);
    expect((await one.once(`${here.base}/approvals`)).status).toBe(303);
    // Whoever kept a copy of the cookie.
    one.jarOf(here.base).set("skyprep-session", kept);
    expect((await one.once(`${here.base}/approvals`)).status).toBe(303);
  });

  it("counts for the provider and the claim that it was made with", async () => {
    const one = browser();
    await here.textAt(one);
    here.file = { person: "email" };

    expect((await one.once(`${here.base}/approvals`)).status).toBe(303);
  });

  it("takes no cookie of somebody else's making", async () => {
    const one = browser();
    await here.textAt(one);
    const kept = one.jarOf(here.base).get("skyprep-session") ?? "";
    const statusWith = async (cookie: string) =>
      (await fetch(`${here.base}/approvals`, { redirect: "manual", headers: { cookie } })).status;

    expect(await statusWith(`skyprep-session=${kept}`)).toBe(200);
    expect(await statusWith(`skyprep-session=${kept.slice(0, -2)}xx`)).toBe(303);
    expect(await statusWith(`skyprep-login=${kept}`)).toBe(303);
    expect(await statusWith(`skyprep-session=${kept}; skyprep-session=${kept}`)).toBe(303);
  });
});
