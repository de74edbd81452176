import type { IdentitySettings } from "./identity.ts";
import { createProvider, type Provider, type ProviderWorld } from "./provider.ts";

/** The identity provider as its file says now. */
export interface CurrentIdentity {
  readonly identity: IdentitySettings;
  readonly provider: Provider;
}

const tellMs = 60_000;
/** Every sentence is one of ours: there are only so many. */
const mostTold = 64;

export interface CurrentIdentityWorld extends ProviderWorld {
  /** Null: there is none. */
  readonly identity: () => IdentitySettings | null;
}

/** One provider for as long as its issuer stays the same; `tell` says each sentence once a minute at most. */
export function createCurrentIdentity({ identity, ...world }: CurrentIdentityWorld) {
  let held: { readonly issuer: string; readonly provider: Provider } | undefined;
  const told = new Map<string, number>();
  return {
    now(): CurrentIdentity | undefined {
      const found = identity();
      if (found === null) return undefined;
      if (held?.issuer !== found.issuer)
        held = { issuer: found.issuer, provider: createProvider(found.issuer, world) };
      return { identity: found, provider: held.provider };
    },
    tell(line: string): void {
      const last = told.get(line);
      if (last !== undefined && world.now() >= last && world.now() - last < tellMs) return;
      if (told.size >= mostTold) told.clear();
      told.set(line, world.now());
      world.say(line);
    },
  };
}
