"""What went wrong, in one sentence a person can act on."""


class Mistake(Exception):
    """Bad input: says what is wrong, where, and what would be right."""

    exit_code = 2
    """The process's exit status when this ends a command."""


class Failed(Mistake):
    """The thing asked for was tried and did not work."""

    exit_code = 1


class NothingToDo(Mistake):
    """The request is fine and there is nothing it applies to."""

    exit_code = 3


class StoreNeedsAttention(Mistake):
    """The store is damaged, newer than this program, or held; a person must decide."""

    exit_code = 4
