"""What rounding alone can leave, so that no strategy trades on it.

A log price is exact to about 1e-16 and a decayed moment of it to some hundred times that; a market's tick is 1e-7 and
more. Between the two there is room: a variance below `LEAST_VARIANCE` (log price squared) is of prices that are equal,
and a share below `LEAST_SHARE` of one is what a subtraction of equal numbers leaves.
"""

LEAST_VARIANCE = 1e-24
LEAST_SHARE = 1e-12
