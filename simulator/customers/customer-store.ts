import { BoundedMap } from '../common/bounded-map';
import { idSequence } from '../common/identifiers';
import { type Merchant } from '../merchants/merchant';
import { type Customer, type CustomerDetails } from './customer';

const KEPT_CUSTOMERS = 100_000;

interface KeptCustomer extends Customer {
  readonly merchant: Merchant;
  readonly identity: string;
}

function identityOf(merchant: Merchant, details: CustomerDetails): string {
  const { first_name, last_name, email, phone, ip } = details;
  return JSON.stringify([merchant.externalKey, first_name, last_name, email.toLowerCase(), phone, ip]);
}

/** The customers of all merchants. One merchant's customer is identified by name, e-mail, phone and IP address. */
export class CustomerStore {
  private readonly nextId = idSequence();
  private readonly byIdentity = new Map<string, KeptCustomer>();
  private readonly byId = new BoundedMap<number, KeptCustomer>(KEPT_CUSTOMERS, (removed) => {
    this.byIdentity.delete(removed.identity);
  });

  /**
   * Creates a customer, or updates the one with the same identity.
   * @returns the customer; `created` is true if it is new
   */
  save(merchant: Merchant, details: CustomerDetails): { customer: Customer; created: boolean } {
    const identity = identityOf(merchant, details);
    const known = this.byIdentity.get(identity);
    if (known !== undefined) {
      known.details = { ...known.details, ...details };
      return { customer: known, created: false };
    }
    const customer: KeptCustomer = { id: this.nextId(), details, merchant, identity };
    this.byIdentity.set(identity, customer);
    this.byId.set(customer.id, customer);
    return { customer, created: true };
  }

  /** Returns the customer with this id, unless it is another merchant's. */
  find(merchant: Merchant, id: number): Customer | undefined {
    const customer = this.byId.get(id);
    return customer?.merchant === merchant ? customer : undefined;
  }

  clear(): void {
    this.byId.clear();
    this.byIdentity.clear();
  }
}
