import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address';

/** Finds the addresses of a host name. */
export type FindAddresses = (host: string) => Promise<readonly string[]>;

/** Thrown when a host is, or has, an address that is not public. */
export class PrivateAddressError extends Error {
  readonly code = 'PRIVATE_ADDRESS';
}

/** Thrown when a name has no address. */
export class UnresolvedNameError extends Error {
  readonly code = 'UNRESOLVED_NAME';
}

const DNS = { timeout: 2_000, tries: 2 };

/** Finds addresses by DNS alone, without a thread of the process that a name server could block. */
const byDns: FindAddresses = async (host) => {
  const resolver = new Resolver(DNS);
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
};

/** Finds addresses as other programs of the machine do: hosts file, search domains, DNS. */
const bySystem: FindAddresses = async (host) =>
  (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address);

/** Resolves host names, and refuses those with an address that is not public unless these are allowed. */
export class HostResolver {
  private readonly find: FindAddresses;

  constructor(
    private readonly allowsPrivate: boolean,
    find?: FindAddresses,
  ) {
    this.find = find ?? (allowsPrivate ? bySystem : byDns);
  }

  /** @returns all addresses of a host, which may be an address itself. @throws PrivateAddressError, UnresolvedNameError */
  async resolve(host: string): Promise<readonly string[]> {
    const addresses = isIP(host) === 0 ? await this.find(host) : [host];
    if (addresses.length === 0) throw new UnresolvedNameError('the name has no address');
    if (!this.allowsPrivate && !addresses.every(isPublicAddress))
      throw new PrivateAddressError('the address is not public');
    return addresses;
  }

  /** The `lookup` of a connection: it connects to the addresses that were checked. */
  readonly lookup = (
    host: string,
    { all = false }: { all?: boolean | undefined },
    callback: (
      error: Error | null,
      address: string | { address: string; family: number }[],
      family?: number,
    ) => void,
  ): void => {
    void this.resolve(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        if (all) callback(null, found);
        else callback(null, found[0]?.address ?? '', found[0]?.family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('failed'), '');
      },
    );
  };
}
