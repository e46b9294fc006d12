import { z } from 'zod';
import { isDocument } from '../common/documents';

const text = z.string().trim().min(1);

/** The body of `POST /v1/customers`. Unknown fields are dropped, as by Appmax. */
export const customerSchema = z.object({
  first_name: text,
  last_name: text,
  email: z.email(),
  phone: text.max(11, 'The phone field must have a maximum of 11 characters.'),
  ip: z.union([z.ipv4(), z.ipv6()]),
  document_number: z.string().refine(isDocument, 'The document number is not valid.').optional(),
  address: z
    .object({
      postcode: z.string().regex(/^\d+$/, 'The postcode must be digits.'),
      street: text,
      number: text,
      complement: z.string().optional(),
      district: text,
      city: text,
      state: text.max(2, 'O campo Estado não deverá conter mais de 2 caracteres.'),
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
