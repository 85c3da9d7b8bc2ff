// Five hundred companies that do not exist: each of 25 houses in each of 20 trades.

/** One line of the price list. */
export interface Listing {
  readonly symbol: string;
  readonly name: string;
  /** What it is filed under. */
  readonly sector: string;
}

const HOUSES = (
  'Aurora Birch Cobalt Delta Ember Fjord Granite Harbour Indigo Juniper Kestrel Lantern Meridian ' +
  'Nimbus Orchard Pioneer Quartz Rowan Saffron Tundra Umber Vesper Willow Yarrow Zephyr'
).split(' ');

const TRADES = (
  'Air Biotech Cement Dairy Energy Foods Glass Hotels Insurance Jewels Logistics Media ' +
  'Networks Optics Paper Rail Steel Textiles Utilities Water'
).split(' ');

/** In the order of their symbols. */
export const LISTINGS: readonly Listing[] = HOUSES.flatMap((house) =>
  TRADES.map((trade) => ({
    symbol: `${house.slice(0, 2)}${trade.slice(0, 2)}`.toUpperCase(),
    name: `${house} ${trade}`,
    sector: trade,
  })),
);
