/**
 * How the worker tells an object who opens a socket: the object counts sockets per address, and cannot see the address itself. The worker
 * overwrites whatever a caller sends under these names.
 */
export const clientAddressHeader = 'x-client-address';

/**
 * Who stands behind an address: an IPv4 address itself, of IPv6 its /64, because one customer has at least that many.
 */
export function addressBlock(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** How many sockets one address may have open at one object. */
export const socketsPerAddressHeader = 'x-sockets-per-address-max';
