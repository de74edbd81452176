import { chmodSync, mkdtempSync } from "node:fs";
import pg from "pg";
import { remove, startCluster } from "../../support/postgres-cluster.ts";
import { scratch } from "./scratch.ts";

/** A cluster of the bench's own, which flushes nothing: what a disk takes is no part of what is compared. */
export async function benchDatabase(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const folder = mkdtempSync(`${scratch}postgres-`);
  chmodSync(folder, 0o755);
  const { port, password } = await startCluster(folder, { endsWith: process.pid });
  const admin = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres" });
  await admin.connect();
  await admin.query(`create role skyprep login password '${password}'`);
  await admin.query("create database skyprep owner skyprep");
  await admin.end();
  return {
    url: `postgres://skyprep:${password}@127.0.0.1:${port}/skyprep`,
    stop: () => remove(folder),
  };
}
