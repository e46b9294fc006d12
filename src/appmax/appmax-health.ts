import { Injectable } from '@nestjs/common';
import { AppmaxHttp } from './http/appmax-http';
import type { OpenCircuits } from './http/circuit';

/** Tells whether Appmax is being called. */
@Injectable()
export class AppmaxHealth {
  constructor(private readonly http: AppmaxHttp) {}

  /** Counts the open circuits of this instance: while one is open, its calls are not sent. */
  openCircuits(): OpenCircuits {
    return this.http.openCircuits();
  }
}
