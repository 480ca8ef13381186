/** What a strategy holds of one instrument: signed quantity, average price of it, and money made by closing. */
export type Holding = {
  readonly quantity: number;
  readonly averagePrice: number;
  readonly realised: number;
  readonly cash: number;
};

export const NOTHING: Holding = { quantity: 0, averagePrice: 0, realised: 0, cash: 0 };

export type Trade = { readonly side: 'buy' | 'sell'; readonly quantity: number; readonly price: number };

/** The holding after a trade: enlarging moves the average price, reducing realises, going through zero does both. */
export function afterTrade(holding: Holding, { side, quantity, price }: Trade): Holding {
  const signed = side === 'buy' ? quantity : -quantity;
  const next = exact(holding.quantity + signed);
  const closed = holding.quantity * signed < 0 ? Math.min(Math.abs(holding.quantity), quantity) : 0;
  const gain = closed * (price - holding.averagePrice) * Math.sign(holding.quantity);
  return {
    quantity: next,
    averagePrice: averageOf(holding, signed, price, next),
    realised: holding.realised + gain,
    cash: holding.cash - signed * price,
  };
}

function averageOf({ quantity, averagePrice }: Holding, signed: number, price: number, next: number): number {
  if (next === 0) return 0;
  if (quantity * next < 0) return price; // through zero: the rest was opened at this price
  if (quantity * signed < 0) return averagePrice; // reduced
  return (Math.abs(quantity) * averagePrice + Math.abs(signed) * price) / Math.abs(next);
}

/** Sums of decimal quantities, without the dust of binary fractions. */
const exact = (value: number): number => Math.round(value * 1e10) / 1e10;
