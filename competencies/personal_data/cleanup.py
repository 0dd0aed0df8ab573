"""What the product keeps of people outside the domain: sessions, second factors, mails.

The domain knows none of it. An app that keeps more registers a function here, in its `records.py`,
and an erasure calls it inside its transaction.
"""

_functions = {}


def clearing(name, label):
    """Register the decorated `function(person, mentions)`, which removes what is kept and returns how much.

    `name` is the key under which it is counted, `label` how it is called.
    """

    def register(function):
        _functions[name] = (label, function)
        return function

    return register


def every_clearing():
    """Return `{name: (label, function)}`."""
    return dict(_functions)
