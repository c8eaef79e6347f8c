"""Which seats of organisations lie in the country and regions that a text states."""

from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.organisations import ACRONYM, Organisations
from hubrank.geocoding.gazetteer.surroundings import home_of_seat
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.stated_countries import STATES_OF

_FILED_UNDER = {"CN": ("HK", "MO"), "US": ("PR",), "GB": ("GG", "JE", "IM")}  # whose organisations sources put there
_PLACES_ALONE = frozenset([("UA", "RU")])  # the Crimea is, an institute of Moscow is not
NamedSeat = tuple[int, int]  # row of an organisation and how a name is its


class StatedSeats:
    """Compares seats with what a text states."""

    def __init__(self, register: Organisations) -> None:
        self._register = register

    def matches(self, named: list[NamedSeat], reading: Reading) -> tuple[list[NamedSeat], str]:
        """Return which organisations of a name may be meant, and how their countries agree with what is stated.

        A stated country binds, and so does a region that alone states it.
        """
        matches = [pair for pair in named if pair[1] != ACRONYM] or named
        economies = reading.economies or reading.codes
        if not economies:
            return matches, "not stated"
        at_home = [pair for pair in matches if self.is_stated(pair[0], reading)]
        if economies[1:] and economies[0] in _FILED_UNDER.get(economies[1], ()):
            # Hong Kong SAR, China: not in Dongguan.
            at_home = [pair for pair in at_home if self._register.economy[pair[0]] == economies[0]] or at_home
        if at_home:
            return at_home, f"agrees ({reading.how or 'code'})"
        abroad = [] if reading.economies else [pair for pair in matches if self.may_be_abroad(pair[0], reading)]
        return abroad, "contradicts"

    def is_stated(self, row: int, reading: Reading) -> bool:
        """Say whether a text states the country of an organisation, or names its city, which has a region's name."""
        economies = reading.economies or reading.codes
        is_city = reading.codes_of_regions and self._city_is_region(row, reading)
        at_home = self._at_home(self._register.economy[row], economies) and self.in_stated_region(row, reading)
        return is_city or at_home

    def may_be_meant(self, row: int, reading: Reading) -> bool:
        """Say whether a seat lies in the country that is stated, or that a state's code at the end suggests.

        It may be a region's code there: Università di Catania (CT) is not in Connecticut.
        """
        economies, economy = reading.economies or reading.codes, self._register.economy[row]
        is_state = not reading.codes_of_regions and not set(STATES_OF).isdisjoint(reading.codes)
        if not (reading.economies or is_state) or self._at_home(economy, economies):
            return True
        areas = [] if reading.economies else regions.find(reading.segments[-1].text, economy)
        return any(area.first_level == self._admin1(row) for area in areas)

    def may_be_similar(self, row: int, reading: Reading) -> bool:
        """Say whether a seat whose name is only similar lies in the stated country itself.

        Not in one that is filed under it: Slovakia under the Czech Republic.
        """
        home = reading.economies[:1]
        return self.may_be_meant(row, reading) and (not home or self._register.economy[row] in home)

    def may_be_abroad(self, row: int, reading: Reading) -> bool:
        """Say whether a seat that is not where a code or region at the end suggests may be meant all the same.

        It is in another country than that, where they are nothing of the kind: Tel Aviv University (IL). In the same
        country it is another's: Mount Sinai Hospital, FL is not in Chicago.
        """
        return self.may_be_meant(row, reading) and not self._at_home(self._register.economy[row], reading.codes)

    def in_stated_region(self, row: int, reading: Reading) -> bool:
        """Say whether a seat lies in a stated first-level region, or in a city of its name.

        Yes where none is stated.
        """
        stated = [region for _, region in reading.regions if reading.region_binds or not region.admin2]
        admin1 = self._admin1(row) if stated else None
        if admin1 is None or any(region.first_level == admin1 for region in stated):
            return True
        region_keys = {reading.segments[at].key for at, _ in reading.regions if at >= 0 and at not in reading.before}
        return not reading.region_binds and key(self._register.city[row]) in region_keys

    def region_notes(self, row: int, reading: Reading) -> list[str]:
        """Return how a seat agrees with the regions of a text; a city of a region's name does not contradict it."""
        stated = {region.first_level for _, region in reading.regions if not region.admin2}
        admin1 = self._admin1(row) if stated else None
        if admin1 is None or (admin1 not in stated and self._city_is_region(row, reading)):
            return []
        return [f"institution: region {'agrees' if admin1 in stated else 'contradicts'}"]

    def _city_is_region(self, row: int, reading: Reading) -> bool:
        """Say whether a seat's city has the name of a segment that is a region."""
        city = key(self._register.city[row])
        return any(at >= 0 and reading.segments[at].key == city for at, _ in reading.regions)

    def _admin1(self, row: int) -> tuple[str, str]:
        """Return the economy and first-level region of a seat."""
        register = self._register
        return home_of_seat(register.geonames_id[row], register.lat_e7[row], register.lon_e7[row])

    @staticmethod
    def _at_home(economy: str, economies: tuple[str, ...]) -> bool:
        """Say whether an economy is stated, or filed under that."""
        is_filed = economy in (*_FILED_UNDER.get(economies[0], ()), *economies[1:])
        return economy == economies[0] or (is_filed and (economies[0], economy) not in _PLACES_ALONE)
