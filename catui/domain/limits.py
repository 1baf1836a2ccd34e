"""The limits that a person may widen for a while, by the check that holds them, and the unit each is counted in."""

OVERRIDABLE = {
    "P10": "ms",
    "P12": "bps",
    "P16": "money",
    "P17": "money",
    "P18": "money",
    "P19": "money",
    "P25": "orders",
    "P28": "bps",
    "P29": "money",
}
