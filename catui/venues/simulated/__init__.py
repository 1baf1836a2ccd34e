"""The embedded exchange: a seeded market with price-time priority, in the shape of Binance Spot, on loopback only.

listing     what is traded, its grids and filters
book        price-time priority, in ticks and lots
ledger      balances, locks, commission
market      one symbol: book + ledger + what the world hears of it
fair        the latent value that background traders chase
traders     the background traders, one seeded stream of chance each
feed        what leaves the exchange, in order
messages    the venue's texts
checks      the parameters, keys, times and signatures of a request
filters     the order filters of a symbol
routes      the REST routes
exchange    all symbols on one clock: sans-IO, deterministic for a seed
streams     subscriptions of a market or user connection, sans-IO
script      the exchange in simulated time, without a socket
server      the exchange on sockets
command     `catui exchange`
"""
