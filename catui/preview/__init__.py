"""Preview: what the desk would say to a command now. Nothing is changed, used up, or written down.

    control   whether it would be accepted, by the stage itself
    planning  the order that it would come to, by planning's own functions
    risk      the gate's verdict on that order, with what every check read
    held      for an override: what it would have let through
    changes   for a configuration: what differs, and what of it needs a restart

It is advice: the desk judges again when the command comes. Law: asked on the state on which the command is then
stepped, at its time, the verdict is the gate's.

values    the answer; this is all that a console needs
answers   how it is found
"""

from catui.preview.values import ChangeView, CheckView, HeldPreview, OrderPreview, PreviewView

__all__ = ["ChangeView", "CheckView", "HeldPreview", "OrderPreview", "PreviewView"]
