"""Response text to behavioural property: registered functions, each with its own statement.

Every function gives an answer for every string, or a reason why there is none. How a reply is
tidied, what counts as a character, a word or a number is stated in `foresay.tables.texts` and
`foresay.tables.numerals`; answers are folded for case, so they can be compared as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from foresay.errors import ChoiceError
from foresay.tables.numerals import parity
from foresay.tables.texts import characters, core, fold, is_unspaced, tidy, words


@dataclass(frozen=True, slots=True)
class Property:
    """A property of one response: exactly one of `answer` and `reason` is given.

    Parameters
    ----------
    answer : str or None
        The property, folded for case; never empty.
    reason : str or None
        A few words why the property is undefined for this response.
    """

    answer: str | None = None
    reason: str | None = None


Function = Callable[..., "Property | str | None"]
"""``function(response)``, or ``function(response, options)`` where it needs options.

A text is an answer; None or an empty text means that the property is undefined.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyFunction:
    """A registered property: its name, what it states, and the function behind it."""

    name: str
    description: str
    function: Function
    needs_options: bool = False


_REGISTRY: dict[str, PropertyFunction] = {}

_MISSING = Property(reason="the response is missing")
_EMPTY = Property(reason="the response is empty")
_UNSPACED = Property(reason="the script puts no spaces between words")
_YES = Property(answer="yes")
_NO = Property(answer="no")

_VOWELS = {
    "LATIN": frozenset("aeiouæœøıəɛɔ"),  # noqa: RUF001
    "GREEK": frozenset("αεηιουω"),
    "CYRILLIC": frozenset("аеёиоуыэюяіїєѣ"),
}
_ORDINALS = ("first", "second", "third")


def register_property(
    name: str,
    description: str,
    *,
    needs_options: bool = False,
) -> Callable[[Function], Function]:
    """Register the decorated function as the property called `name`.

    Parameters
    ----------
    name : str
        Name of the property in study files and tables; a Python identifier.
    description : str
        One sentence that states the normalisation.
    needs_options : bool
        Whether the function takes the options of the question as its second argument.

    Returns
    -------
    decorator
        Returns the function unchanged.

    Raises
    ------
    ChoiceError
        If the name is taken or is no identifier.

    Examples
    --------
    >>> @register_property("last_character", "last character of the tidied response")
    ... def last_character(response: str) -> str | None:
    ...     return response.strip()[-1:] or None
    >>> derive("last_character", "tiger ").answer
    'r'
    """
    if not name.isidentifier():
        raise ChoiceError(
            f"property {name!r}: a name has letters, digits and _ only and starts with no digit",
        )

    def register(function: Function) -> Function:
        if name in _REGISTRY and _REGISTRY[name].function is not function:
            raise ChoiceError(f"property {name!r} is already registered; choose another name")
        _REGISTRY[name] = PropertyFunction(
            name=name,
            description=description,
            function=function,
            needs_options=needs_options,
        )
        return function

    return register


def registered_properties() -> Mapping[str, PropertyFunction]:
    """Return all registered properties by name, in the order of registration."""
    return MappingProxyType(_REGISTRY)


def derive(name: str, response: str | None, options: Sequence[str] | None = None) -> Property:
    """Return the property called `name` of `response`.

    Parameters
    ----------
    name : str
        A registered property.
    response : str or None
        The reply as it came; None where there is none.
    options : sequence of str, optional
        The options of the question, for the properties that need them.

    Returns
    -------
    Property
        The answer, or the reason why there is none.

    Raises
    ------
    ChoiceError
        If the property is unknown, its options are missing, or a user's function fails.

    Examples
    --------
    >>> derive("second_word", "A **Siamese** cat.").answer
    'siamese'
    >>> derive("is_even", "eight").reason
    'the response states no number in digits'
    """
    entry, chosen = _prepare(name, options)
    return _apply(entry, response, chosen)


def derive_many(
    name: str,
    texts: Sequence[str | None],
    options: Sequence[str] | None = None,
) -> list[Property]:
    """Return the property called `name` of each of `texts`; equal texts are worked out once.

    Parameters
    ----------
    name, options
        As for `derive`; the same options for all texts.
    texts : sequence of str or None, length n
        The replies.

    Returns
    -------
    list of Property, length n
        In the order of `texts`.

    Raises
    ------
    ChoiceError
        As `derive`.
    """
    entry, chosen = _prepare(name, options)
    known: dict[str | None, Property] = {}
    found: list[Property] = []
    for text in texts:
        property_ = known.get(text)
        if property_ is None:
            property_ = known[text] = _apply(entry, text, chosen)
        found.append(property_)
    return found


def _prepare(
    name: str,
    options: Sequence[str] | None,
) -> tuple[PropertyFunction, tuple[str, ...] | None]:
    entry = _REGISTRY.get(name)
    if entry is None:
        raise ChoiceError(f"unknown property {name!r}; registered are: {', '.join(_REGISTRY)}")
    if not entry.needs_options:
        return entry, None
    if isinstance(options, str) or not options or not all(tidy(option) for option in options):
        raise ChoiceError(
            f"property {name!r} needs the options of the question, a list of texts that are not "
            f"empty; got {options!r}",
        )
    return entry, tuple(options)


def _apply(
    entry: PropertyFunction,
    response: str | None,
    options: tuple[str, ...] | None,
) -> Property:
    if response is None:
        return _MISSING
    arguments = (response,) if options is None else (response, options)
    try:
        found = entry.function(*arguments)
    except Exception as error:
        raise ChoiceError(
            f"property {entry.name!r} failed on {response[:60]!r}: "
            f"{type(error).__name__}: {error}; its function must accept every text",
        ) from error
    if isinstance(found, Property):
        return found
    return Property(answer=found) if found else Property(reason=f"{entry.name} gave no answer")


@register_property(
    "identity",
    "the whole response: tidied, without punctuation around it, folded for case",
)
def _identity(response: str) -> Property:
    return _answer(core(response))


def _answer(text: str) -> Property:
    return Property(answer=fold(text)) if text else _EMPTY


def _nth(position: int, of: Sequence[str], kind: str) -> Property:
    if position < len(of):
        return _answer(of[position])
    if not of:
        return Property(reason=f"the response has no {kind}")
    return Property(reason=f"the response has {len(of)} {kind}{'' if len(of) == 1 else 's'}")


def _register_nth(position: int, ordinal: str) -> None:
    def word(response: str) -> Property:
        found = words(response)
        if any(is_unspaced(each) for each in found[: position + 1]):
            return _UNSPACED
        return _nth(position, found, "word")

    def character(response: str) -> Property:
        return _nth(position, characters(core(response), position + 1), "character")

    register_property(
        f"{ordinal}_word",
        f"the {ordinal} word: between spaces, without punctuation around it, folded for case; "
        "undefined in scripts without spaces between words",
    )(word)
    register_property(
        f"{ordinal}_character",
        f"the {ordinal} character as a reader sees it (grapheme cluster), spaces and punctuation "
        "around the response not counted, folded for case",
    )(character)


for _position, _ordinal in enumerate(_ORDINALS):
    _register_nth(_position, _ordinal)


@register_property(
    "starts_with_vowel",
    "yes or no: whether the first character is a vowel letter, accents aside (Latin without y, "
    "Greek, Cyrillic); undefined where it is no such letter",
)
def _starts_with_vowel(response: str) -> Property:
    first = characters(core(response), 1)
    if not first:
        return _EMPTY
    letter = fold(unicodedata.normalize("NFD", first[0])[0])[0]
    if not letter.isalpha():
        return Property(reason="the first character is not a letter")
    script = unicodedata.name(letter, "").partition(" ")[0]
    if script not in _VOWELS:
        return Property(reason="vowel letters are defined for Latin, Greek and Cyrillic only")
    return _YES if letter in _VOWELS[script] else _NO


@register_property(
    "is_even",
    "yes or no: whether the one number in the response is even, digits of any script, groups of "
    "thousands and decimal points read; undefined where it is not certainly an integer",
)
def _is_even(response: str) -> Property:
    if not tidy(response):
        return _EMPTY
    even, reason = parity(response)
    if even is None:
        return Property(reason=reason)
    return _YES if even else _NO


@register_property(
    "number_of_words",
    "the number of words, in digits; an empty response has 0; undefined in scripts without "
    "spaces between words",
)
def _number_of_words(response: str) -> Property:
    found = words(response)
    if any(is_unspaced(word) for word in found):
        return _UNSPACED
    return Property(answer=str(len(found)))


@register_property(
    "among_options",
    "yes or no: whether the response is one of the options, alone or before punctuation "
    "('B', '(B)', 'B) tiger'), case aside",
    needs_options=True,
)
def _among_options(response: str, options: tuple[str, ...]) -> Property:
    if not tidy(response):
        return _EMPTY
    return _YES if _matching(response, _folded(options)) else _NO


@register_property(
    "matches_option",
    "the option that the response is, read as among_options does; undefined where it is none or "
    "names several",
    needs_options=True,
)
def _matches_option(response: str, options: tuple[str, ...]) -> Property:
    if not tidy(response):
        return _EMPTY
    found = _matching(response, _folded(options))
    if len(found) == 1:
        return Property(answer=found[0])
    return Property(
        reason="the response names several options" if found else "the response is no option",
    )


@lru_cache(maxsize=4096)
def _folded(options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the distinct options as they are compared, the longest first."""
    distinct = dict.fromkeys(fold(core(option)) for option in options)
    return tuple(sorted(distinct, key=lambda option: (-len(option), option)))


def _matching(response: str, options: tuple[str, ...]) -> list[str]:
    """Return the options that the response gives, one after another from its start."""
    rest, found = fold(core(response)), []
    while rest:
        option = next((each for each in options if _begins(rest, each)), None)
        if option is None:
            break
        if option not in found:
            found.append(option)
        rest = core(rest[len(option) :])
    return found


def _begins(text: str, option: str) -> bool:
    """Tell whether `text` is `option`, or `option`, punctuation, and a space or the end."""
    if not text.startswith(option):
        return False
    after = text[len(option) :].split(" ", 1)[0]
    return text == option or bool(after and core(after) == after and not words(after))
