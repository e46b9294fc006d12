import { Inject, Injectable } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import { CONFIG, type Config } from '../../config';

/** The cookie of a sign-in: no script can read it, and other sites can't make browsers send it. */
@Injectable()
export class SignInCookie {
  private readonly isSecure: boolean;
  private readonly name: string;

  constructor(@Inject(CONFIG) { publicUrl }: Pick<Config, 'publicUrl'>) {
    this.isSecure = publicUrl.startsWith('https://');
    // Browsers take `__Host-` only from the host itself over HTTPS, so that no other host can replace the cookie.
    this.name = this.isSecure ? '__Host-console' : 'console';
  }

  /** Returns the token in a Cookie header. */
  read(header: string | undefined): string | undefined {
    return header === undefined ? undefined : parseCookie(header)[this.name];
  }

  /** Returns the Set-Cookie header that signs a browser in. */
  set(token: string, expires: Date): string {
    return this.header(token, expires);
  }

  /** Returns the Set-Cookie header that removes the cookie. */
  remove(): string {
    return this.header('', new Date(0));
  }

  private header(value: string, expires: Date): string {
    const { name, isSecure: secure } = this;
    return stringifySetCookie({
      name,
      value,
      path: '/',
      httpOnly: true,
      secure,
      sameSite: 'strict',
      expires,
    });
  }
}
