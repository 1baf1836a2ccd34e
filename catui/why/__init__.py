"""Why: where an order, a fill, a refusal, an alert or a position came from, as a tree with the values of that instant.

    order -> verdict -> intent -> target -> weights, signals -> features -> event

Pure: the account says which steps of the run it needs, one after another, and whoever has the run steps them again.
Nothing is told from memory. A cause that is not there is `?`, never guessed.

node     the tree
steps    what an account asks for, and what it is given
account  from what was pointed at to its tree
decision an order's verdict and intent, and the target behind them
stimulus events, and what they told
wording  numbers as text
"""

from catui.why.node import KINDS, Kind, Node, Subject
from catui.why.steps import Ask, At, First, Since, Story, Transition

__all__ = ["KINDS", "Ask", "At", "First", "Kind", "Node", "Since", "Story", "Subject", "Transition"]
