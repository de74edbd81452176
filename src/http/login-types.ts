import type { IncomingHttpHeaders } from "node:http";

/** Whoever signed in with the identity provider, in this browser. */
export interface SignedIn {
  /** As grants name them: by the same claim as in tokens. */
  readonly person: string;
  readonly groups: readonly string[];
  /** To be sent with every form of ours. */
  readonly csrf: string;
}

export interface Login {
  /** Who is signed in in this browser; undefined: nobody. @throws where whether they signed out cannot be looked up */
  signedIn(headers: IncomingHttpHeaders): Promise<SignedIn | undefined>;
  /** Sends the browser to the identity provider; it comes back to `path`, one of ours. */
  begin(path: string): Promise<Response>;
  /** `/login/callback?…` and `/logout`; undefined: not an address of the login. */
  answer(request: {
    readonly method: string;
    readonly target: string;
    readonly headers: IncomingHttpHeaders;
  }): Promise<Response | undefined>;
}
