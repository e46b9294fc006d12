import { type ErrorForm } from '../settings/settings';
import { ApiError, errorAnswer, TooManyRequests } from './api-error';

describe('errorAnswer', () => {
  const error = new ApiError(422, 'validation', 'email: wrong', { email: ['wrong'] });

  it.each<[ErrorForm, number, unknown]>([
    ['message', 422, { message: 'email: wrong' }],
    ['error_message', 422, { error: { message: 'email: wrong' } }],
    ['errors_message', 422, { errors: { message: 'email: wrong' } }],
    ['errors_fields', 422, { errors: { message: { email: ['wrong'] } } }],
    ['success_false', 200, { success: false, data: { message: 'email: wrong' } }],
    ['empty_data', 422, { data: [] }],
  ])('an error is written in the form %s', (form, status, body) => {
    expect(errorAnswer(error, 'g1', form)).toEqual({ status, body });
  });

  it('an error has the form of the generation by default', () => {
    const refused = new ApiError(400, 'refused', 'no');
    expect(errorAnswer(refused, 'g1', 'default').body).toEqual({ errors: { message: 'no' } });
    expect(errorAnswer(refused, 'g2', 'default').body).toEqual({ error: { message: 'no' } });
    expect(errorAnswer(error, 'g2', 'default').body).toEqual({ errors: { message: { email: ['wrong'] } } });
  });

  it('an error with a form of its own keeps it, whatever the settings say', () => {
    const limited = new TooManyRequests(45);
    expect(errorAnswer(limited, 'g1', 'success_false')).toEqual({
      status: 429,
      body: { message: 'Too many requests', retryAfter: '45(s)' },
    });
  });
});
