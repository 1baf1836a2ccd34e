"""The laws as a product: any kind of strategy or feature, a person's own included, held to what it must be."""

from catui.verify.verdict import Verdict, verify

__all__ = ["Verdict", "verify"]
