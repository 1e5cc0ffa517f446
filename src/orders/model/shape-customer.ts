import { iso31661Alpha2ToAlpha3 } from 'iso-3166';
import { z } from 'zod';
import { contactText, emailAddress, native, telephone, text } from './shape-fields.ts';

const contactShape = z
  .strictObject({
    firstName: contactText(255, 'Given name.'),
    lastName: contactText(255, 'Family name.'),
    company: contactText(255, 'Company.'),
    email: emailAddress(true).meta({ description: 'Mail address.', examples: ['john.doe@example.com'] }),
    phone: telephone('Telephone number of the contact.'),
    mobile: telephone('Mobile number of the contact.'),
    street: contactText(255, 'Street.'),
    houseNumber: contactText(64, 'House number.'),
    complement: contactText(255, 'What the address needs besides: stair, floor, door.'),
    district: contactText(255, 'District.'),
    postcode: contactText(32, 'Postal code.'),
    city: contactText(255, 'City.'),
    state: contactText(255, 'State or province.'),
    country: z
      .string()
      .max(64)
      .refine(
        (code) => code === '' || Object.hasOwn(iso31661Alpha2ToAlpha3, code),
        'must be an ISO 3166-1 alpha-2 code in upper case, e.g. AT',
      )
      .nullish()
      .meta({ description: 'Country: ISO 3166-1 alpha-2, upper case.', examples: ['AT'] }),
    taxId: contactText(64, 'Tax or VAT number.'),
  })
  .meta({ id: 'Contact', description: 'Who the customer is. An empty string means absent.' });

export const customerShape = z
  .strictObject({
    externalId: text(
      255,
      "The CRM's customer number: natural key on the target, and what keeps orders of one customer in line.",
    ),
    contact: contactShape
      .optional()
      .meta({ description: 'Who the customer is.', 'x-needed': 'when the customer is not on the target yet' }),
    billingProfile: text(255, "The platform's handle of a billing profile or rate plan.").optional(),
    native: native('customer'),
  })
  .meta({ id: 'Customer', description: 'A customer of the CRM, and what the target is to know of it.' });
