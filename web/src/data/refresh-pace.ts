/**
 * Figures that move by the second are asked for again after so long. Not 5 s: servers, workerd among them, close a connection that idled for so
 * long, and a request sent at that very moment is lost.
 */
export const quickRefreshMs = 4_000;
