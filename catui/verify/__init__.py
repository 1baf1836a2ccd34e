"""The laws as a product: any kind of strategy or feature, a person's own included, held to what it must be."""

from catui.verify.report import lines
from catui.verify.verdict import Verdict, laws_of, verify

__all__ = ["Verdict", "laws_of", "lines", "verify"]
