/** Where the exchange answers, without a path. */
export interface ApiOrigin {
  /** For requests; empty for the origin of the page. */
  readonly http: string;
  /** For sockets. */
  readonly socket: string;
}

/** The origin of a configured address; the page's own where none is configured. @throws TypeError when it is no address. */
export function apiOriginOf(configured: string, page: Pick<Location, 'origin'>): ApiOrigin {
  const { origin } = new URL(configured === '' ? page.origin : configured);
  return { http: configured === '' ? '' : origin, socket: origin.replace(/^http/, 'ws') };
}
