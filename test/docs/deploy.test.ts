import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readServeOptions } from "../../src/http/serve-options.ts";
import { compose } from "../support/compose.ts";

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const replicas = Object.entries(compose.services).filter(([, { command }]) => command?.[0] === "serve");

describe("deploy/compose.yaml", () => {
  it("starts two servers alike, with words that the program understands", () => {
    expect(replicas.map(([name]) => name)).toEqual(["skyprep-1", "skyprep-2"]);
    const [first, second] = replicas.map(([, service]) => service);
    expect(second).toEqual(first);
    const options = readServeOptions(first?.command?.slice(1) ?? [], {});
    expect(options).toMatchObject({
      listen: { host: "0.0.0.0", port: 8080 },
      operate: { host: "127.0.0.1", port: 9090 },
      url: "https://training.example.com",
      hosts: ["training.example.com"],
    });
  });

  it("has nginx before both, by the names and the port they are reached at", () => {
    const conf = text("deploy/nginx.conf");
    const upstream = [...conf.matchAll(/^ {2}server (\S+) max_fails/gm)].map(([, at]) => at);
    expect(upstream).toEqual(replicas.map(([name]) => `${name}:8080`));
    expect(compose.services.nginx?.volumes?.[0]).toMatch(/^\.\/nginx\.conf:\/etc\/nginx\/conf\.d\//);
    for (const name of conf.matchAll(/\/run\/secrets\/([\w-]+)/g))
      expect(compose.services.nginx?.secrets).toContain(name[1]);
  });

  it("hands each secret, as a file, to whoever names it, and no more", () => {
    for (const [name, { secrets = [], command = [], environment = {} }] of Object.entries(compose.services)) {
      for (const secret of secrets) expect(compose.secrets, name).toHaveProperty(secret);
      const named = [...command, ...Object.values(environment)].flatMap(
        (word) => /\/run\/secrets\/([\w-]+)/.exec(word)?.[1] ?? [],
      );
      expect(secrets, name).toEqual(expect.arrayContaining(named));
    }
    expect(text("deploy/compose.yaml")).not.toMatch(/PASSWORD: |API_KEY|ACCT_KEY/);
  });

  it("opens nothing but nginx, and lets the database reach nobody", () => {
    const open = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(["nginx"]);
    expect(compose.services.database?.networks).toEqual(["inside"]);
    expect(compose.networks.inside).toEqual({ internal: true });
    for (const [, one] of replicas) expect(one).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
  });

  it("asks how a server is where it says so", () => {
    const [, first] = replicas[0] ?? [];
    expect(first?.healthcheck?.test.join(" ")).toContain("http://127.0.0.1:9090/readyz");
    expect(existsSync(new URL("../../Dockerfile", import.meta.url))).toBe(true);
    expect(first?.build).toBe("..");
  });
});
