import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createTls } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { createNetwork } from "../../../src/skyprep/network.ts";
import { drive } from "../../install/raw.ts";
import { listen } from "../../support/loopback.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const program = fileURLToPath(new URL("../../../dist/skyprep-mcp.js", import.meta.url));
/** No such host by any name server: only a proxy may lead to it. */
const host = "academy.invalid";
const key = "k-never-for-a-proxy";
const password = "proxy-pass-word";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

/** A company's proxy; `to`: where its tunnels lead, or the status it answers with. */
async function proxyTo(to: { port: number } | { status: number }) {
  let seen = "";
  const proxy = createHttp((request, response) => {
    seen += `${request.method} ${request.url}\n${JSON.stringify(request.rawHeaders)}\n`;
    response.writeHead(502).end();
  });
  proxy.on("connect", (request, socket) => {
    seen += `${request.method} ${request.url}\n${JSON.stringify(request.rawHeaders)}\n`;
    socket.on("error", () => {});
    if ("status" in to) return void socket.end(`HTTP/1.1 ${to.status} No\r\n\r\n`);
    const out = connect(to.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      out.pipe(socket).pipe(out);
    });
    out.on("error", () => {});
    ends.push(() => out.destroy());
    socket.on("data", (bytes: Buffer) => {
      seen += bytes.toString("latin1");
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  ends.push(() => proxy.close());
  const url = `http://worker:${password}@127.0.0.1:${portOf(proxy)}`;
  return { url, port: portOf(proxy), seen: () => seen, close: () => proxy.close() };
}

/** The academy as it stands behind the proxy; its certificate is trusted only where it is named. */
async function academy() {
  const folder = temporaryFolder("proxy");
  const [keyFile, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  execFileSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ...["-keyout", keyFile, "-out", certificate],
    ],
    { stdio: "ignore" },
  );
  const calls: string[] = [];
  const server = createTls(
    { key: readFileSync(keyFile), cert: readFileSync(certificate) },
    (request, response) => {
      calls.push(`${request.url} ${request.headers["x-skyprep-api-key"]}`);
      request.resume();
      response.setHeader("content-type", "application/json");
      response.end('{"name":"Behind the proxy","acct_key":"academy.example.com"}');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => server.close());
  return { port: portOf(server), calls, certificate, folder };
}

const openssl = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const asked = (env: Record<string, string>, home: string) =>
  drive(
    {
      command: process.execPath,
      args: [program],
      env: {
        SKYPREP_API_KEY: key,
        SKYPREP_ACCT_KEY: "academy.example.com",
        SKYPREP_BASE_URL: `https://${host}/admin/api`,
        SKYPREP_STATE_DIR: join(home, "state"),
        ...env,
      },
    },
    home,
  );

describe("a company's proxy", () => {
  it.skipIf(!openssl)("leads to SkyPrep, and sees neither a key nor a header of ours", async () => {
    const there = await academy();
    const proxy = await proxyTo(there);

    const { reply, isError } = await asked(
      { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: there.certificate },
      there.folder,
    );

    expect(reply).toContain("Behind the proxy");
    expect(isError).toBe(false);
    expect(there.calls).toEqual([`/admin/api/get_program ${key}`]);
    expect(proxy.seen()).toMatch(/^CONNECT academy\.invalid:443\n/);
    expect(proxy.seen()).not.toMatch(/skyprep-|get_program|acct/i);
    expect(proxy.seen()).not.toContain(key);
  });

  it.skipIf(!openssl)("whose certificate is not trusted: NODE_EXTRA_CA_CERTS is named", async () => {
    const there = await academy();
    const proxy = await proxyTo(there);

    const { reply } = await asked({ https_proxy: proxy.url }, there.folder);

    expect(reply).toMatch(/nothing was sent[\s\S]*NODE_EXTRA_CA_CERTS/);
    expect(there.calls).toEqual([]);
  });

  it.each([
    [407, /answered 407[\s\S]*name and a password/],
    [403, /answered 403[\s\S]*does not let academy\.invalid pass/],
    [502, /answered 502[\s\S]*Check the proxy's address/],
  ])("that answers %i is named, without its password, and nothing was sent", async (status, said) => {
    const proxy = await proxyTo({ status });

    const { reply, isError, stderr } = await asked({ HTTPS_PROXY: proxy.url }, temporaryFolder("proxy"));

    expect(isError).toBe(true);
    expect(reply).toMatch(said);
    expect(reply).toMatch(/through the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\).*nothing was sent/);
    expect(reply + stderr).not.toContain(password);
  });

  it("that is not there is named, too", async () => {
    const proxy = await proxyTo({ status: 502 });
    proxy.close();

    const { reply } = await asked({ HTTPS_PROXY: proxy.url }, temporaryFolder("proxy"));

    expect(reply).toMatch(
      /through the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) \(ECONNREFUSED\); nothing was sent/,
    );
  });

  it.each(["academy.invalid", "*", ".invalid", "example.com, academy.invalid:443"])(
    "is not asked where NO_PROXY is %s",
    async (except) => {
      const proxy = await proxyTo({ status: 502 });
      const network = createNetwork({
        baseUrl: `https://${host}/admin/api`,
        proxy: { url: proxy.url, except, from: "HTTPS_PROXY" },
      });

      await expect(
        network({ route: "get_program", body: "", headers: {} }, new AbortController().signal),
      ).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
      expect(proxy.seen()).toBe("");
      await network.close();
    },
  );

  it("is never asked for this computer", async () => {
    const proxy = await proxyTo({ status: 502 });
    const server = await listen((response) => response.end('{"name":"here"}'));
    const network = createNetwork({
      baseUrl: server.baseUrl,
      proxy: { url: proxy.url, except: "", from: "HTTPS_PROXY" },
    });

    const answer = await network(
      { route: "get_program", body: "", headers: {} },
      new AbortController().signal,
    );

    expect(answer.status).toBe(200);
    expect(proxy.seen()).toBe("");
    await network.close();
    await server.close();
  });
});
