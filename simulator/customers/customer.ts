import { z } from 'zod';
import { isDocument } from '../common/documents';

const text = z.string().trim().min(1);

/** The body of `POST /v1/customers`. Unknown fields are dropped, as by Appmax. */
export const customerSchema = z.object({
  first_name: text,
  last_name: text,
  email: z.email(),
  phone: text,
  ip: z.union([z.ipv4(), z.ipv6()]),
  document_number: z.string().refine(isDocument, 'The document number is not valid.').optional(),
  address: z
    .object({
      postcode: text,
      street: text,
      number: text,
      complement: z.string().optional(),
      district: text,
      city: text,
      state: text,
    })
    .optional(),
  products: z.array(z.unknown()).optional(),
  tracking: z.object({ utm_source: z.string().optional(), utm_campaign: z.string().optional() }).optional(),
});
export type CustomerDetails = z.infer<typeof customerSchema>;

/** A shopper of one merchant. */
export interface Customer {
  readonly id: number;
  details: CustomerDetails;
}
