const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether it could be an order at all: what could not never becomes part of a Redis key. */
export function isOrderId(text: string): boolean {
  return UUID.test(text);
}
