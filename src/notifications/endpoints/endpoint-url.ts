import { type HostResolver, PrivateAddressError, UnresolvedNameError } from '../delivery/resolve-host';
import { invalidEndpointUrl } from '../errors';

/**
 * Checks the address of an endpoint: https (http too if private addresses are allowed), no user name, and a host that is
 * not private. A name that has no address yet is accepted: each attempt resolves it again.
 *
 * @returns the address in its normal form. @throws ApiError 400
 */
export async function checkEndpointUrl(
  text: string,
  { allowsPrivate, resolver }: { allowsPrivate: boolean; resolver: HostResolver },
): Promise<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !(url.protocol === 'https:' || (allowsPrivate && url.protocol === 'http:')))
    throw invalidEndpointUrl('must be an https:// address');
  if (url.username !== '' || url.password !== '') throw invalidEndpointUrl('must not contain a password');
  try {
    await resolver.resolve(url.hostname.replace(/^\[|\]$/g, ''));
  } catch (error) {
    if (error instanceof PrivateAddressError)
      throw invalidEndpointUrl('must not be a private address, or a name that has one');
    if (!(error instanceof UnresolvedNameError)) throw error;
  }
  return url.href;
}
