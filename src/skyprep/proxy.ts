/** A way out of a company's network. */
export interface HttpProxy {
  /** As it was given; may hold a name and a password, and is never printed. */
  readonly url: string;
  /** Hosts that are called directly, as `NO_PROXY` lists them. */
  readonly except: string;
  /** Which variable named it. */
  readonly from: string;
}

/** As it may be printed. */
export const nameOf = ({ url, from }: HttpProxy): string => `${new URL(url).host} (${from})`;
