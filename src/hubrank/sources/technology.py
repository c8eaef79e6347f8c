"""The 35 technology fields that WIPO groups the International Patent Classification into.

Source: U. Schmoch (2008), Concept of a Technology Classification for Country Comparisons, WIPO, with the subclasses
added to the classification since. A group after a subclass (`G01N 33`) goes before the subclass alone.
"""

import re
from functools import lru_cache

FIELDS = {
    "Electrical machinery, apparatus, energy": "F21H K L S V W Y, H01B C F G H J K M R T, H02B G H J K M N P S, H05B C F, H99Z",
    "Audio-visual technology": "G09F G, G11B, H04N, H04R S, H05K",
    "Telecommunications": "G08C, H01P Q, H04B H J K M Q, H04N 1, H04N 7, H04N 11",
    "Digital communication": "H04L W, H04N 21",
    "Basic communication processes": "H03B C D F G H J K L M",
    "Computer technology": "G06C D E F G J K M N T V, G10L, G11C, G16B C Y Z",
    "IT methods for management": "G06Q",
    "Semiconductors": "H01L, H10B D F H K N",
    "Optics": "G02B C F, G03B C D F G H, H01S",
    "Measurement": "G01B C D F G H J K L M N P Q R S V W, G04B C D F G R, G12B, G99Z",
    "Analysis of biological materials": "G01N 33",
    "Control": "G05B D F, G07B C D F G, G08B G, G09B C D",
    "Medical technology": "A61B C D F G H J L M N, G16H, H05G",
    "Organic fine chemistry": "A61K 8, A61Q, C07B C D F H J, C40B",
    "Biotechnology": "C07G K, C12M N P Q R S",
    "Pharmaceuticals": "A61K P",
    "Macromolecular chemistry, polymers": "C08B C F G H K L",
    "Food chemistry": "A01H, A21D, A23B C D F G J K L P V, C12C F G H J, C13B D F J K",
    "Basic materials chemistry": "A01N P, C05B C D F G, C06B C D F, C09B C D F G H J K, C10B C F G H J K L M N, C11B C D, C99Z",
    "Materials, metallurgy": "B22C D F, C01B C D F G, C03C, C04B, C21B C D, C22B C F",
    "Surface technology, coating": "B05C D, B32B, C23C D F G, C25B C D F, C30B",
    "Micro-structural and nano-technology": "B81B C, B82B Y",
    "Chemical engineering": "B01B D F J L, B02C, B03B C D, B04B C, B05B, B06B, B07B C, B08B, C14C, D06B C L, F25J, F26B, H05H",
    "Environmental technology": "A62C D, B01D 45, B01D 46, B01D 47, B01D 49, B01D 50, B01D 51, B01D 52, B01D 53, B09B C, "
    "B65F, C02F, E01F 8, F01N, F23G J, G01T",
    "Handling": "B25J, B65B C D G H, B66B C D F, B67B C D",
    "Machine tools": "B21B C D F G H J K L, B23B C D F G H K P Q, B24B C D, B25B C D F G H, B26B D F, "
    "B27B C D F G H J K L M N, B30B",
    "Engines, pumps, turbines": "F01B C D K L M P, F02B C D F G K M N P, F03B C D G H, F04B C D F, F23R, F99Z, G21B C D F G H J K",
    "Textile and paper machines": "A41H, A43D, A46D, B31B C D F, B41B C D F G J K L M N, C14B, D01B C D F G H, D02G H J, "
    "D03C D J, D04B C G H, D05B C, D06G H J M P Q, D21B C D F G H J, D99Z",
    "Other special machines": "A01B C D F G J K L M, A21B C, A22B C, A23N, B02B, B28B C D, B29B C D K L, B33Y, C03B, C08J, "
    "C12L, F41A B C F G H J, F42B C D",
    "Thermal processes and apparatus": "F22B D G, F23B C D H K L M N Q, F24B C D F H J S T V, F25B C, F27B D, F28B C D F G",
    "Mechanical elements": "F15B C D, F16B C D F G H J K L M N P S T, F17B C D, G05G",
    "Transport": "B60B C D F G H J K L M N P Q R S T V W, B61B C D F G H J K L, B62B C D H J K L M, B63B C G H J, B64B C D F G U",
    "Furniture, games": "A47B C D F G H J K L, A63B C D F G H J K",
    "Other consumer goods": "A24B C D F, A41B C D F G, A42B C, A43B C, A44B C, A45B C D F, A46B, A62B, A99Z, B42B C D F, "
    "B43K L M, B44B C D F, B68B C F G, D04D, D06F N, D07B, F25D, G10B C D F G H K",
    "Civil engineering": "E01B C D F H, E02B C D F, E03B C D F, E04B C D F G H, E05B C D F G, E06B C, E21B C D F, E99Z",
}


def _symbols(listed: str) -> list[str]:
    """Spell out "H04L W, H04N 21" as H04L, H04W, H04N 21."""
    found: list[str] = []
    for item in listed.split(", "):
        first, *others = item.split()
        alone = not others or others[0].isdigit()
        found += [item] if alone else [first, *(first[:3] + letter for letter in others)]
    return found


SYMBOLS = {symbol: name for name, listed in FIELDS.items() for symbol in _symbols(listed)}
_IPC = re.compile(r"\s*([A-H])\s*(\d\d)\s*([A-Z])\s*0*(\d*)")


@lru_cache(maxsize=100_000)
def technology(symbol: str) -> str | None:
    """Return the field of an IPC or CPC symbol (`G01N 33/50`, `H05K0003020`); None where it has none."""
    found = _IPC.match(symbol.upper())
    if found is None:
        return None
    subclass, group = "".join(found.group(1, 2, 3)), found.group(4)
    group = group[: -6 or None] if len(group) > 6 else group
    return SYMBOLS.get(f"{subclass} {group}") or SYMBOLS.get(subclass)
