import 'reflect-metadata';
import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, ValidateNested } from 'class-validator';
import { ApiError } from '../errors/api-error';
import { BodyPipe, fieldErrors } from './body.pipe';
import { Nested } from './nested';
import { Text } from './validators';

class LineDto {
  @IsInt()
  quantity: number;
}

class ShelfDto {
  @Text(10)
  label: string;

  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  lines: LineDto[];
}

class ShopDto {
  @Text(10)
  name: string;

  @Nested(() => ShelfDto)
  shelf: ShelfDto;
}

const pipe = new BodyPipe();
const transform = (value: unknown, metadata: ArgumentMetadata): Promise<unknown> =>
  Promise.resolve().then(() => pipe.transform(value, metadata));
const read = (body: unknown): Promise<unknown> => transform(body, { type: 'body', metatype: ShopDto });

/** Returns the answer to a body that is refused. */
async function refusal(body: unknown): Promise<{ status: number; body: unknown }> {
  try {
    await read(body);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.getStatus(), body: error.getResponse() };
    throw error;
  }
  throw new Error('The body was taken');
}

const shop = { name: 'Shop', shelf: { label: 'Top', lines: [{ quantity: 1 }] } };

describe('BodyPipe', () => {
  it('a valid body becomes an instance of its class, in depth', async () => {
    const body = (await read(shop)) as ShopDto;
    expect(body).toBeInstanceOf(ShopDto);
    expect(body.shelf).toBeInstanceOf(ShelfDto);
    expect(body.shelf.lines[0]).toBeInstanceOf(LineDto);
    expect(body).toEqual(shop);
  });

  it('unknown fields are dropped, in depth, and not refused', async () => {
    const body = await read({
      ...shop,
      admin: true,
      shelf: { label: 'Top', price: 1, lines: [{ quantity: 1, discount: { all: true } }] },
    });
    expect(body).toEqual(shop);
  });

  it.each([[[]], [[shop]], ['text'], [''], [5], [0], [true], [null], [undefined]])(
    'the body %j, which is not an object, is refused without a field',
    async (body) => {
      expect(await refusal(body)).toEqual({
        status: 400,
        body: { message: 'invalid request body', code: 'invalid_request_body' },
      });
    },
  );

  it('each error has the path of its field', async () => {
    const answer = await refusal({
      name: 5,
      shelf: { label: '', lines: [{ quantity: 1 }, { quantity: 'two' }, {}] },
    });
    expect(answer).toEqual({
      status: 400,
      body: {
        message: 'invalid request body',
        code: 'invalid_request_body',
        errors: [
          { field: 'name', message: expect.any(String) as string },
          { field: 'shelf.label', message: expect.any(String) as string },
          {
            field: 'shelf.lines.1.quantity',
            message: 'quantity must be an integer number',
          },
          {
            field: 'shelf.lines.2.quantity',
            message: 'quantity must be an integer number',
          },
        ],
      },
    });
  });

  it('each field has at most one error', async () => {
    const { body } = await refusal({ ...shop, name: ['\0'.repeat(20)] });
    expect((body as { errors: unknown[] }).errors).toHaveLength(1);
  });

  it('the errors do not repeat values of the body', async () => {
    const { body } = await refusal({
      name: 'canary-4711-canary',
      shelf: { label: 'canary-4711\0', lines: 'canary-4711' },
    });
    expect(JSON.stringify(body)).not.toContain('canary');
    expect((body as { errors: unknown[] }).errors).toHaveLength(3);
  });

  it.each([
    { lines: 'x' },
    { lines: {} },
    { lines: [null] },
    { lines: ['x'] },
    { lines: [[]] },
    { lines: [[{ quantity: 1 }]] },
  ])('the body %j, which has no list of objects, is refused', async ({ lines }) => {
    const { body } = await refusal({ ...shop, shelf: { label: 'Top', lines } });
    const { errors } = body as { errors: { field: string }[] };
    expect(errors[0]?.field).toMatch(/^shelf\.lines/);
  });

  it.each<[object, string[]]>([
    [{ label: ' Top ', lines: undefined }, ['lines']],
    [{ lable: 'Top', lines: [] }, ['lable', 'label']],
    [{ label: '', lines: [], page: '2' }, ['page', 'label']],
  ])('the query %j is refused by the names of its parameters', async (query, fields) => {
    const error: unknown = await transform(query, { type: 'query', metatype: ShelfDto }).catch(
      (thrown: unknown) => thrown,
    );
    const { message, errors } = (error as ApiError).getResponse() as {
      message: string;
      errors: { field: string; message: string }[];
    };
    expect([message, errors.map(({ field }) => field)]).toEqual(['invalid query parameters', fields]);
    for (const { field, message: text } of errors) expect(text).toContain(field);
  });

  it('a text of the path and what an own decorator has read pass as they are, without a promise', () => {
    expect(pipe.transform('text', { type: 'param', metatype: String, data: 'key' })).toBe('text');
    expect(pipe.transform('text', { type: 'custom', metatype: String, data: undefined })).toBe('text');
  });
});

describe('fieldErrors', () => {
  it('no errors give no field errors', () => {
    expect(fieldErrors([])).toEqual([]);
  });

  it('the error of an object comes before the errors of its fields', () => {
    expect(
      fieldErrors([
        {
          property: 'order',
          constraints: { total: 'is too much' },
          children: [
            {
              property: 'products',
              children: [{ property: '0', constraints: { isObject: 'is no object' } }],
            },
          ],
        },
        { property: 'customer', constraints: { isDefined: 'is missing' } },
      ]),
    ).toEqual([
      { field: 'order', message: 'is too much' },
      { field: 'order.products.0', message: 'is no object' },
      { field: 'customer', message: 'is missing' },
    ]);
  });
});
