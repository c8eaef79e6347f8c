"""The resolver on cases from life: every address that an issue names, and the laws of its answers."""

import unicodedata
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.likeness import LIKE
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.segments import is_acronym, segment
from hubrank.geocoding.explain_address import explain
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.model import Judged, judge, load, permille
from hubrank.geocoding.text.affiliations import split
from hubrank.study.sections import Geocoding

WESSLING = next(
    int(gazetteer.places().geonames_id[row])
    for row, _ in gazetteer.names().rows("wessling")
    if gazetteer.places().economy[row] == "DE"
)


def permille_of(probability):
    return None if probability is None else 1000 * probability


def address_table(*rows):
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


@pytest.mark.parametrize(("text", "economy"), [("Munich", "DE"), ("Seattle", "US"), ("上海", "CN")])
def test_a_large_city_alone_is_located_without_a_register(alone, text, economy):
    assert one(alone, address=text)["economy"] == economy


def test_a_town_alone_is_not_located_without_a_register(alone):
    assert one(alone, address="Dover")["economy"] is None


def test_far_post_codes_of_a_city_are_no_places_beside_it(alone):
    """A doubt of 2 % between Houston and its post codes at Webster moved all its records together."""
    for address in ({"address": "Houston, TX, USA"}, {"city": "Chicago", "region": "IL", "country": "US"}):
        answer = one(alone, **address)
        assert answer["location_probability"] > Decimal("0.99")
        assert answer["alternatives"] is None


def test_a_hamlet_that_is_also_called_like_a_city_is_no_alternative(alone):
    for address in ({"city": "Linz", "country": "AT"}, {"address": "Linz, Austria"}):  # Waiern is called Linz, too
        answer = one(alone, **address)
        assert (answer["gazetteer_id"], answer["alternatives"]) == (2772400, None)


def test_resolvers_share_names_but_no_threshold_until_the_names_are_forgotten():
    low, high = (geocoding.resolver_for(geocoding.Settings(Geocoding(min_probability_pct=pct))) for pct in (55, 90))
    assert low.finder.names is high.finder.names
    halle = address_table({"city": "Halle", "country": "DE"})  # on the Saale with 65 %, or in Westphalia
    assert low.locate(halle)["lat_e7"].is_valid().to_pylist() == [True]
    assert high.locate(halle)["lat_e7"].is_valid().to_pylist() == [False]
    geocoding.forget()
    anew = geocoding.resolver_for(geocoding.Settings())
    assert anew.finder.names is not low.finder.names
    assert anew._dictionary is not low._dictionary


def one(resolver, **address):
    return resolver.locate(address_table(address)).to_pylist()[0]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("San Francisco, CA, USA", 5391959),
        ("Washington, DC, USA", 4140963),
        ("New York, NY, USA", 5128581),
        ("Mountain View, CA", 5375480),
        ("Lebanon, NH", 5088597),
        ("Universidade Federal do Espírito Santo, Vitória, ES", 3444924),
        ("General Hospital, Chennai, TN", 1264527),
        ("Centro Comune di Ricerca, Ispra (VA)", 3175406),
        ("Boston, Massachusetts, United States", 4930956),
        ("Palo Alto, California, United States, North America", 5380748),
        ("NY, NY, USA", 5128581),
        ("San Francsico, CA, USA", 5391959),
        ("German Aerospace Center (DLR), Wessling", WESSLING),
        ("Institute of Planetary Research, German Aerospace Center (DLR), Berlin, Germany", 2950159),
        ("School of Public Health, Harvard University, Cambridge, MA, USA", 4931972),
        ("Washington University, St. Louis, MO, USA", 4407066),
        ("Washington University, St. Louis", 4407066),  # a region of Senegal is called so too
        ("Research Institute for Sustainable Humanosphere, Kyoto University, Uji, Kyoto, Japan", 1849372),
        ("Hospital Comarcal, 03630 Aspe, Alicante, Spain", 2521510),  # provinces are called after cities
        ("Pomezia, Rome, Italy", 3170342),
        ("San Pablo, Sevilla, Spain", 2510911),  # a part of the city
        ("Khalifa University, Al Ain, Abu Dhabi, UAE", 292913),
        ("Tufts University, North Grafton, MA, USA", 4938048),  # GeoNames has the campus as a place, too
        ("Sandia National Laboratories, Albuquerque, New Mexico", 5454711),  # no country's name in a region's
        ("University of Texas at Austin, Austin, Texas 78712, and", 4671654),  # no Andorra
        ("Universidad Nacional de Colombia, Bogotá, D.C., Colombia", 3688689),  # not one name of a district
        ("Roma, Italia", 3169070),  # an organisation is registered by it, too
        ("Air Force Research Laboratory. Rome. New York", 5134295),
        # A stated state or province binds: head offices are elsewhere.
        ("EPAM Systems, Newtown, PA", 5203354),
        ("NRG ENERGY PRINCETON NJ", 5102922),
        # Dutch post codes, and codes of states before the country.
        ("Kvarn, Vikingenweg 5, 5349 BT Oss, Netherlands", 2749234),
        ("6718 XW Ede, Netherlands", 2756429),
        ("TNO, NL-1755 ZG Petten, Netherlands", 2748631),
        ("Univ Arkansas, Fayetteville, AR USA", 4110486),  # no Arusha
        ("Texas A&M Univ, College Stn, TX 77843 USA", 4682464),  # Web of Science abbreviates
        ("Pacific Northwest Natl Lab, College Pk, MD 20740 USA", 4351977),
        # A place lies in the country of the organisation beside it, where none is stated.
        ("Miami University, Oxford", 4520760),
        ("Universidad de Valladolid, Campus de Palencia", 3114531),
        # The town before a state's code in one segment with a name, and behind a post code with a part of it.
        ("EVERSOURCE ENERGY WESTWOOD MA", 4955317),
        ("MCKESSON CORPORATION IRVING TX", 4700168),
        ("Tech Univ Munich, D-85354 Freising Weihenstephan, Germany", 2925034),
        # Of several affiliations the first.
        ("University of Oxford, Oxford and University of Cambridge, Cambridge, UK", 2640729),
        # A city in a name of two is no affiliation before another one.
        ("Dept. of Biology, Washington and Lee Univ., Lexington, VA 24450, U.S.A.", 4769339),
        # A field of a department is no city, though short letters are another name of one: Agra, Ağrı.
        ("Indian Inst Foo, Agr & Food Engn Dept, Roorkee 247667, Uttaranchal, India", 1258044),
        ("Univ Foo, Agr & Food Sci Dept, Bursa, Turkey", 750269),
        (
            "Tsinghua University, Beijing, China, Department of Physics, Columbia University, New York, NY, USA",
            1816670,
        ),
        ("Mexico High School, Mexico, MO, USA", 4398103),
        # Streets that are called like towns.
        ("C/ Alicante 5, Valencia, Spain", 2509954),
        ("Moreno 877, Buenos Aires, Argentina", 3435910),
        ("Kirchberg 5, 88471 Laupheim, Germany", 2880077),
        ("1645 140th Ave NE, Bellevue, United States", 5786882),  # north-east, not Nebraska
        ("390 SPRINGFIELD RD ONSET MA 02558 US", 4946372),
        ("727 SPRINGFIELD RD SUITE 5 WORCESTER MA 01609", 4956184),
        ("Lane Cove, NSW 2066", 2160625),  # a place
        ("Acme Corp - Canton, Canton, Ohio", 5149222),  # no Guangzhou
        ("Richmond, BC V6Y 2B6, CA", 6122085),
        # Post codes that are no numbers of provinces, and the country before one.
        ("Brzesko, 32-800, Poland", 775183),
        ("Musterweg 5, 901 01 Malacky, SK", 3058897),
        ("Via Roma 5, I-94014 Nicosia", 2524009),
        ("BAHNHOFSTRASSE 3, 7000 CHUR (CH)", 2661169),  # no Church
        # A code of a country in parentheses, which a state has as well.
        ("University of Lethbridge (CA)", 6053154),
        ("HOCHSCHULE BREMEN (DE)", 2944388),
        # Northern Cyprus gets its post by way of Turkey.
        ("Near East Univ, TR-99138 Nicosia, Mersin 10, Turkey", 146268),
        ("Eastern Mediterranean University, Famagusta, North Cyprus via Mersin 10, Turkey", 146617),
        # A state's code that a slash or hyphen parts from its town.
        ("Rua XV de Novembro, 120, Centro, Leopoldina/MG, Brazil", 3458632),
        ("Instituto Federal Goiano, Rio Verde/GO, Brazil", 3451055),
        ("Rua A, 13083-970 Campinas-SP, Brazil", 3467865),
        # From the widest to the finest, the kind of place before its name.
        ("Россия, 399200, Липецкая обл, г Задонск", 465726),
        # The region of Moscow, and neither Macao nor Mordovia, whose codes are its letters transcribed.
        ("141207, МО, г. Пушкино, ул. Грибоедова, д. 7", 503977),
        ("Мытищи, МО, Россия", 523812),
        # Entities of HTML.
        ("Johnson &amp; Johnson, New Brunswick, NJ, USA", 5101717),
        ("Universit&amp;eacute; Paris-Sud, Orsay, France", 2989204),
        ("Orsay<br>%C3%8Ele-de-France<br>France", 2989204),
        # What a post code begins with tells towns of one name apart, and what it is like the country.
        ("71301 Alexandria, United States", 4314550),
        ("Frankfurt 15230, Germany", 2925535),
        ("St. Ives TR26 2BS, UK", 2638778),
        ("Villeneuve, 04180, France", 2968614),
        ("Pilgrim Hospital, Sibsey Road, Boston, PE21 9QS", 2655138),
        ("University Hospital, London N6A 5C1", 6058560),
        ("D-99310 Arnstadt", 2955439),
        ("Rua 1, 12345-678 Santarém PA, Brazil", 3389353),  # the code of another place is a mistake
        ("Research Site, Bursa, 16059, Turkey (Türkiye)", 750269),
        # A region that its city's name stands in, one that a city is called like, too, and a district.
        ("Arras, Pas-de-Calais, France", 3036784),
        ("Southport, Merseyside, UK", 2637343),
        ("Moratuwa, Colombo, Sri Lanka", 1234633),
        # Parts of one address, and two affiliations.
        (
            "Perelman Center for Advanced Medicine; University of Pennsylvania, Philadelphia, Pennsylvania, 19104, USA",
            4560349,
        ),
        ("University of Tokyo; University of Oxford, Oxford, UK", 1850147),
        ("Dept of Physics; University of Delaware; Newark, DE 19716", 4143861),
        # Initials of an author are no province.
        ("Smith, S.C., Universidade Federal de São Carlos, São Carlos, Brazil", 3449319),
        ("Kumar, H.H., Physics Department, Technische Universität München, Garching, Germany", 2922582),
        # The town that a branch of a registered organisation is named after.
        ("Universidade de São Paulo, Campus de Ribeirão Preto", 3451328),
        ("Universidad Nacional de Colombia, Sede Medellín", 3674962),
        ("University of Georgia, Tifton Campus", 4226552),
        ("KU Leuven, Campus Geel", 2797779),
        # Full stops between the parts of an address, a post code amid words, a name of two parts.
        ("Universidade de São Paulo. Ribeirão Preto, SP, Brasil", 3451328),
        ("Research Center Alt-Moabit 96 a D-10559 Berlin, Germany", 2950159),
        ("Nokia Research Center P.O.Box 100, FIN-33721 Tampere, FINLAND", 634963),
        ("IHP, Im Technologiepark 25, 15236 Frankfurt (Oder), Germany", 2925535),
    ],
)
def test_a_stated_city_binds_whatever_organisations_are_called(text, geonames_id, registered):
    places = gazetteer.places()
    row = places.row(geonames_id)
    answer = one(registered, institution=text)
    gap = abs(answer["lat_e7"] - places.lat_e7[row]), abs(answer["lon_e7"] - places.lon_e7[row])
    assert max(gap) < 1_500_000, (answer, places.name[row])


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Baku State University (AZ)", (40.38, 49.86)),
        ("Toronto Metropolitan University, CA", (43.70, -79.42)),
        ("Stanford University (CA)", (37.42, -122.17)),
        ("Wheaton College (IL)", (41.87, -88.10)),
    ],
)
def test_a_code_behind_an_organisation_is_of_the_state_or_country_that_has_it(text, spot, registered):
    answer = one(registered, address=text)
    assert np.hypot(answer["lat_e7"] / 1e7 - spot[0], answer["lon_e7"] / 1e7 - spot[1]) < 0.3


def test_a_code_that_is_not_written_so_parts_nothing(alone):
    answer = one(alone, address="77 Elm Ave, Mapleton Depot, Pa 17052")
    assert answer["economy"] in (None, "US")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("University of Luxembourg", (49.61, 6.13)),
        ("Renmin University of China", (39.91, 116.40)),
        ("The University of Texas M.D. Anderson Cancer Center", (29.76, -95.36)),  # registered as MD Anderson
        ("Texas A & M University, USA", (30.63, -96.33)),
        ("University of Science and Technology of China", (31.86, 117.28)),
        ("University of Bonn", (50.73, 7.10)),
        ("Stony Brook University, New York, USA", (40.93, -73.14)),
        ("General Electric Co., Schenectady, NY, USA", (42.81, -73.95)),
        # The state, which is another name of its capital, as a town in it is named before.
        ("Universidade do Estado da Bahia, Seabra, Bahia (BA), Brazil", (-12.42, -41.77)),
        ("Universidade do Estado da Bahia-UNEB. Caetité, Bahia (BA), Brasil.", (-14.07, -42.48)),
        ("University of California, San Diego, USA", (32.72, -117.16)),
        ("Chinese University of Hong Kong, New Territories, Hong Kong, China", (22.33, 114.18)),
        ("Hong Kong University of Science and Technology, China", (22.33, 114.18)),  # another one is in Guangzhou
        ("Hong Kong University of Science and Technology, Guangzhou, China", (23.12, 113.25)),
        ("Ulm University", (48.40, 9.99)),  # its city is too short to be looked for inside words
        # What may be a country's name is none where that leads nowhere.
        ("University of Benin", (6.34, 5.63)),
        ("School of Mathematics and Physics, University of Queensland, St Lucia, Queensland 4072", (-27.47, 153.03)),
        ("Institute of Technology in Architecture (ITA), ETH Zürich", (47.37, 8.55)),
        ("Dartmouth Hitchcock Medical Center, Lebanon, NH", (43.64, -72.25)),
        ("City University of Hong Kong, Hong Kong SAR, China", (22.28, 114.17)),  # another one is in Dongguan
        # A country that is stated behind a name binds, whatever is called so elsewhere.
        ("University of Nottingham Malaysia", (2.95, 101.87)),
        ("Queen Elizabeth Hospital UK", (52.48, -1.90)),
        ("Université Laval, Canada", (46.81, -71.21)),  # no word of a registered name is a place: Laval is one
        ("Google, USA", (37.39, -122.08)),  # a city only if it is called so itself, not for a month
        ("University College London", (51.51, -0.13)),  # but a city in a name is evidence for a seat that is there
        ("Universität Freiburg", (48.00, 7.85)),
        ("Universität Frankfurt", (50.12, 8.68)),  # another name of the Viadrina, which is elsewhere
        ("Johns Hopkins University Uganda; Makerere University, Kampala, Uganda", (0.32, 32.58)),
    ],
)
def test_an_organisation_is_where_its_seat_is_unless_a_city_is_stated(text, spot, registered):
    answer = one(registered, institution=text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
@pytest.mark.parametrize(
    "text",
    [
        "Peking University, Inner Mongolia",
        "Pfizer, New Jersey",
        "Orange Innovation, United States",
        "USAF, Tyndall AFB, FL, USA",
        "Kvarn, Bluffs Corner, NY USA",  # the state is no city, if the town is not known
    ],
)
def test_a_seat_elsewhere_than_the_region_or_a_word_of_a_name_is_no_answer(text, registered):
    assert one(registered, institution=text)["lat_e7"] is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("institution", "country", "spot"),
    [
        ("Google", "USA", (37.39, -122.08)),
        ("University of Tsukuba", "Japan", (36.08, 140.12)),
        ("University of Toronto", "Canada", (43.71, -79.40)),
    ],
)
def test_an_organisation_with_its_country_in_a_column_is_at_its_seat(institution, country, spot, registered):
    answer = one(registered, institution=institution, country=country)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)
    assert answer["location_probability"] > 0.85


@pytest.mark.shared
@pytest.mark.parametrize(
    ("institution", "city", "country", "spot"),
    [
        ("Sodankylä Geophysical Observatory, University of Oulu", "Sodankylä", "Finland", (67.42, 26.60)),
        ("Animal Sciences, São Paulo State University", "Jaboticabal", "Brazil", (-21.25, -48.32)),
    ],
)
def test_a_city_in_a_column_is_where_a_row_is_wherever_the_seat_is(institution, city, country, spot, registered):
    answer = one(registered, institution=institution, city=city, country=country)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Indian Institute of Technology, India", 0.75),  # a score of cities has one
        ("University of Massachusetts, USA", 0.8),
    ],
)
def test_a_name_with_which_many_others_begin_is_less_sure(text, most, registered):
    assert float(one(registered, institution=text)["location_probability"] or 0) < most


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Google", 4280539),  # Topeka called itself so for a month
        ("Center for Astrophysics", 3399415),  # Fortaleza's airport is FOR
        ("Institute for Advanced Study, Princeton, NJ, USA", 3399415),
        ("ARK", 161325),  # Arusha's airport
        ("MIT", 5395244),  # Shafter's airport
        ("Massachusetts Institute of Technology (MIT), Cambridge, MA, USA", 5395244),
        ("Academia Sinica, Taiwan", 3195506),  # Maribor
        ("Thyssenkrupp Materials Austria GmbH", 3467723),  # registered in Brazil
        ("SIEMENS GAMESA RENEWABLE ENERGY CHILE SPA", 3104339),  # and in Spain
        ("Royal College of Surgeons in Ireland - Medical University of Bahrain", 2964574),  # Dublin
    ],
)
def test_a_short_name_or_joke_means_no_place_without_support(text, never, registered):
    assert one(registered, institution=text)["gazetteer_id"] != never


@pytest.mark.shared
def test_the_last_word_of_a_name_and_a_region_are_no_name_of_their_own(registered):
    assert one(registered, address="Caucasus University, Georgia")["lat_e7"] is None  # of the University of Georgia


@pytest.mark.shared
@pytest.mark.parametrize("city", ["Yongin", "Yongin-si"])
def test_what_a_place_is_belongs_to_its_name_or_does_not(city, registered):
    answer = one(registered, city=city, country="Korea")  # a village far away is called Yongin, too
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((37.24, 127.18), abs=0.1)


@pytest.mark.shared
@pytest.mark.parametrize(
    "address",
    [
        {"city": "Shinagawa", "country": "JP"},
        {"city": "Koto-ku", "country": "Japan"},
        {"city": "Koto", "country": "Japan"},
        {"institution": "Mitsumura Printing, Japan"},  # the register has Shinagawa in Ehime
        {"institution": "Japanese Foundation for Cancer Research, Koto, Japan"},
    ],
)
def test_wards_of_tokyo_and_what_has_its_seat_there_are_in_tokyo(address, registered):
    answer = one(registered, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((35.67, 139.75), abs=0.15)


def test_a_name_is_not_mended_out_of_a_district_that_is_called_after_its_town(alone):
    address = {"city": "Chitalmari", "region": "Bagerhat", "country": "BD"}
    assert one(alone, **address)["lat_e7"] is None  # Chilmari is 300 km away


@pytest.mark.parametrize("text", ["Google", "for", "ARK", "MIT", "CA", "Inc", "the"])
def test_codes_and_words_alone_are_no_address(text, alone):
    assert one(alone, institution=text)["lat_e7"] is None


@pytest.mark.parametrize("text", ["BRCA1 gene, human", "Zorvex - mobile", "Zorvex, reading"])
def test_a_word_in_small_letters_beside_capitals_is_no_name_where_nothing_surrounds_it(text, registered):
    assert one(registered, address=text)["lat_e7"] is None
    assert read("Foo, lyon, FRANCE", Surroundings()).segments[1].text == "lyon"
    assert len(read("foo institute, lyon", Surroundings()).segments) == 2
    assert len(read("Foo Institute, lyon 69001", Surroundings()).segments) == 2


def test_an_organisations_name_beside_a_country_is_no_towns(alone):
    assert one(alone, institution="Radeberg", country="DE")["lat_e7"] is None


@pytest.mark.shared
@pytest.mark.parametrize(
    "address",
    [
        {"address": "Ibaraki, Japan"},
        {"city": "Ibaraki", "country": "JP"},
        {"address": "California, USA"},
        {"city": "California", "country": "US"},
        {"city": "Gyeonggi-do", "country": "KR"},
        {"address": "Gyeonggi-do, Republic of Korea"},
        {"city": "Surrey", "country": "GB"},
        {"address": "Surrey, UK"},
        {"city": "Wales", "country": "GB"},
        {"city": "Taiwan", "country": "CN"},
        {"city": "Queensland", "country": "AU"},
        {"region": "California", "country": "US"},
        {"country": "China"},
    ],
)
def test_a_region_or_country_enters_no_point(address, registered):
    assert one(registered, **address)["lat_e7"] is None


def test_what_an_and_joins_to_a_name_is_no_country():
    assert read("State Key Lab of CAD & CG, Zhejiang University", Surroundings()).economies == ()
    assert read("Faculty of Law, University of Luxembourg", Surroundings()).economies[0] == "LU"


@pytest.mark.parametrize(
    ("address", "economy"),
    [
        ({"city": "Taipei", "country": "CHN"}, "TW"),
        ({"city": "Hong Kong", "country": "CN"}, "HK"),
        ({"address": "Hong Kong, China"}, "HK"),
        ({"address": "Laâyoune, Maroc"}, "EH"),
        ({"address": "San Juan, Puerto Rico, USA"}, "PR"),
        ({"city": "Pointe-à-Pitre", "country": "France"}, "GP"),
        ({"address": "Taipei, Taiwan, China"}, "TW"),
        ({"address": "Macau, China"}, "MO"),
        ({"address": "Seoul, Korea"}, "KR"),
        ({"address": "Leeds, UK"}, "GB"),
        ({"address": "Singapore"}, "SG"),
    ],
)
def test_countries_are_read_as_people_write_them(address, economy, alone):
    assert one(alone, **address)["economy"] == economy


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Paris", "region": "Texas"}, 4717560),
        ({"city": "Paris", "region": "TX"}, 4717560),
        ({"city": "London", "region": "Ontario"}, 6058560),
        ({"city": "Lahore", "region": "Punjab"}, 1172451),  # the larger Punjab is India's
        ({"city": "Edmonton", "region": "QLD"}, 2167744),
        ({"city": "Boston", "region": "Lincolnshire"}, 2655138),  # a region of the second level
        ({"address": "Acme Ltd, High Street, Boston, Lincolnshire"}, 2655138),
        ({"city": "Valence", "region": "Drôme"}, 2971053),
        ({"city": "Burlington", "region": "Washington", "country": "US"}, 5788539),  # no county of Vermont
        ({"city": "6718 XW Ede", "country": "NL"}, 2756429),
        ({"city": "Hasselt", "region": "Limburg"}, 2796491),  # of the second level, and of the first in another country
        ({"institution": "ABC Research Centre, Canada", "city": "London"}, 6058560),
        ({"city": "Halle", "country": "Deutschland"}, 2911522),  # called Halle (Saale)
        ({"city": "Newcastle", "country": "UK"}, 2641673),  # upon Tyne
        ({"address": "القاهرة، مصر"}, 360630),  # its letters are not Montserrat's code
        ({"city": "Portland", "region": "US-ME", "country": "US"}, 4975802),  # ISO 3166-2 in full
        ({"city": "Springfield", "region": "us-il"}, 4250542),
        ({"city": "Dartford", "region": "GB-KEN", "country": "GB"}, 2651500),  # of the second level
        ({"city": "Frankfurt", "region": "DE-BB", "country": "DE"}, 2925535),
        ({"city": "Newcastle", "region": "Co. Down", "country": "GB"}, 6695976),
        ({"city": "Haziganj", "region": "Chandpur", "country": "BD"}, 1201753),  # no listed district, but a town
        ({"city": "Eti-Osa LGA", "region": "Lagos", "country": "NG"}, 12359322),
        ({"address": "Acme Ltd, Bangor, Co. Down, UK"}, 2656396),
        ({"city": "Newbridge", "region": "Co Kildare", "country": "IE"}, 2962290),
        ({"address": "London, CA-ON, CA"}, 6058560),
        ({"address": "IBM Corp. Armonk, New York 10504"}, 5107346),  # the post code is not the city's
        ({"address": "Dept. of Computer Science Vassar College Poughkeepsie, New York 12604-0520 USA"}, 5132143),
        ({"address": "Microsoft Redmond, Washington 98052"}, 5808079),
        ({"institution": "EMBRAPA Jaguariúna, São Paulo 13820-000, Brazil"}, 3460200),
        ({"address": "Columbia Engineering, New York 10027"}, 5128581),
        ({"address": "George Washington University, Washington 20052, USA"}, 4140963),
    ],
)
def test_what_is_stated_without_a_country_column_and_short_names_of_cities_are_read(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "address",
    [
        {"address": "868 Madison Ave, Suite 5 Foobarville TX"},  # no Madison
        {"address": "Lincoln Rd Foobarville, Nebraska"},
        # A place that is not written so cannot have the post code, or only its name's beginning is the same.
        {"address": "DE-99999 Parthenstein"},  # no Partenstein
        {"address": "Badu Island QLD 4875, Australia"},  # no Banana
        {"address": "Saint-Roch-de-Mékinac, QC, Canada"},
        # What a second affiliation says, where the first states another country.
        {"institution": "Foo Institute, Germany; Department of Bar, Amman, Jordan"},
        {"address": "Nøtterøy, Norway; Boston, MA, USA"},
        # A famous place abroad, where a region or post code says once more that it is not.
        {"address": "Miami, MB R0G 2B3 CANADA"},
        {"address": "Vera Cruz, Indiana, USA"},
        {"city": "Aurora", "region": "Sipaliwini", "country": "SR"},
    ],
)
def test_words_of_streets_other_places_names_and_famous_places_abroad_do_not_stand_for_a_town(address, alone):
    assert one(alone, **address)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Los Angeles", "country": "Colombia"}, 5368361),  # a wrong country alone, or a name of its own
        ({"city": "Kolkata", "region": "MA", "country": "US"}, 1275004),
        ({"address": "Tampico, Mexico, Mexico"}, 3516355),  # the country once more, no city
        ({"address": "Belmopan, Belize, Belize"}, 3582672),
        ({"address": "Toluca, Mexico, Mexico"}, 3515302),
        ({"address": "Foo Hospital, Tangxia Town, Dongguan, 523000, Guangdong, China"}, 1793328),  # not Jiangmen's
        ({"institution": "Faculty of Foo, Germany; Bar GmbH, Bonn, Germany"}, 2946447),
        ({"institution": "Independent researcher, Germany; research conducted while at Foo, Bonn"}, 2946447),
        ({"address": "Nusaybin Devlet Hastanesi, Nusaybin/Mardin"}, 303750),  # a town and its region or country
        ({"address": "Çay Mah. Atatürk Cad. No:12/3 Çaycuma/ZONGULDAK"}, 749508),
        ({"address": "Siemens AG, Erlangen/Germany"}, 2929567),
        ({"address": "Instituto Tecnologico, Hakkâri/Şemdinli, Turkey"}, 301209),
        ({"city": "Andes-Antioquia", "country": "CO"}, 3689899),
        ({"city": "Bursa - İnegöl", "country": "TR"}, 745169),
        ({"city": "Winston-Salm", "country": "US"}, 4499612),
        ({"city": "Frankfurt/O.", "country": "DE"}, 2925535),  # what is left out stands between, or behind
        ({"city": "Frankfurt a.O.", "country": "DE"}, 2925535),
        ({"city": "Frankfurt a.M.", "country": "DE"}, 2925533),
        ({"city": "Rothenburg o.d.T.", "country": "DE"}, 2844056),
        ({"city": "Newcastle u. Lyme", "country": "GB"}, 2641674),
        ({"city": "Châlons/Champagne", "country": "FR"}, 3027487),
        ({"city": "Kirchheim/Neckar", "country": "DE"}, 2890482),
        ({"city": "Chalon s/ Saône", "country": "FR"}, 3027484),
        ({"address": "Acme GmbH, Frankfurt a. d. Oder, Germany"}, 2925535),
        ({"address": "Acme, Berlin-Germany"}, 2950159),
        ({"address": "Foo, Clermont-Ferrand, France"}, 3024635),
        ({"city": "Piura, Sechura", "country": "PE"}, 3691954),  # from the region to the town
        ({"address": "Piura, Sechura, Peru"}, 3691954),
        ({"city": "Giresun/Görele", "country": "Türkiye"}, 746565),
        ({"city": "Sechura, Piura", "country": "PE"}, 3691954),
        ({"address": "MEXICO - PUERTO VALLARTA"}, 3991328),  # from the country to the town
        ({"city": "Brazil, Campinas"}, 3467865),
        ({"city": "KR, Namyangju"}, 1897122),
        ({"city": "Switzerland-Biel/Bienne"}, 2661513),
        ({"address": "Argentina-San Ramón de la Nueva Orán"}, 3836620),
        ({"city": "London UK"}, 2643743),  # a city's column with its country
        ({"city": "Boston MA USA"}, 4930956),
        ({"city": "Berlin – Germany"}, 2950159),
        ({"city": "Mexico City"}, 3530597),
        ({"address": "NO 5 MG ROAD CHENNAI TN 600001 IN"}, 1264527),  # state, post code, country, without commas
        ({"address": "Acme Corp Richmond BC V6Y 2B6 CA"}, 6122085),
        ({"address": "Acme GmbH Musterstr. 5 Potsdam BB 14467 DE"}, 2852458),
        ({"address": "Department of Physics; Harvard University; Cambridge; MA 02138 USA"}, 4931972),
        ({"address": "School of Medicine; Johns Hopkins University; Baltimore; MD 21205"}, 4347778),
        ({"address": "Institute of Physics; Academy of Sciences of the Czech Republic; Prague; Czechia"}, 3067696),
        ({"address": "University of Bristol; Lower Maudlin Street; Bristol BS1 2LY; UK"}, 2654675),  # no town of Street
        ({"address": "Anton Pannekoek Institute; Science Park 904; 1098 XH Amsterdam; The Netherlands"}, 2759794),
        ({"address": "Tbilisi State Medical University, Georgia"}, 611717),  # nothing in the state is named
        ({"address": "Albany GA 12345"}, 4179320),  # a state outweighs a post code
        ({"address": "Wessling", "country": "DE"}, WESSLING),  # as "Wessling, Germany"
        ({"address": "Xyntrax GmbH", "city": "Wessling", "country": "DE"}, WESSLING),
        ({"address": "Gyeongsangbuk-do Gumi-si", "country": "KR"}, 1842225),
        ({"address": "Bahnhofstrasse 4, Amden SG"}, 2661758),  # of states, not of countries
        ({"address": "Rua A 5, Jordânia - MG"}, 3459708),
        ({"address": "Rue X 5, Hermance GE"}, 2660364),  # a village
        ({"address": "Acme Ltd, 1 Raffles Place, Singapore SG"}, 1880252),
        ({"address": "F-33460 Macau"}, 2996918),  # in Gironde
        ({"address": "Rua X 5, Olinda - PE, CEP: 53020-000"}, 3393536),  # the post code is no part of its own
        ({"address": "Fisciano, SA, 84084"}, 3176949),
        ({"address": "Mount Pleasant, New South Wales 2519, Australia"}, 10109460),  # of several the one at the code
        # No part of a name that cannot have the code, but the place nearest to it, in Austin.
        ({"address": "Lake Houston Labs, TX, 78701, USA"}, 4723734),
        ({"address": "5 King St, ON M5V 3L9, Canada"}, 7870919),  # the district of its code, in Toronto
        ({"city": "Londra", "country": "CA"}, 6058560),  # a translation of what a place of the country is called
    ],
)
def test_addresses_are_read_as_registers_and_spreadsheets_write_them(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "text",
    [
        "GLOBAL LIFT EQUIPMENT, S.L.",  # Seoul
        "Refinery 5 (Pty) Ltd",  # an airport of Panama
        "Zorvex Medtech, DAC",
        "Zorvex, S.P.A.",
        "Zorvex, A.S. (CZ)",
    ],
)
def test_a_legal_form_is_no_place(text, alone):
    assert one(alone, institution=text)["lat_e7"] is None


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "宿州市", "country": "中国"}, 1793743),  # Suzhou in Anhui, not 苏州
        ({"address": "苏州, 中国"}, 1886760),
        ({"address": "抚州市, 江西省, 中国"}, 1810820),  # Fuzhou, not 福州
        ({"city": "長野", "country": "日本"}, 1856215),
        ({"address": "四川省成都市"}, 1815286),
        ({"address": "北京市海淀区中关村南大街5号"}, 1816670),
        ({"address": "中国江苏省南京市汉口路22号"}, 1799962),
        ({"address": "浙江省宁波市余姚市"}, 1785545),  # not Ningbo, which is a prefecture, too
        ({"address": "215300 浙江省金华市义乌市稠江街道"}, 1814870),
        ({"address": "陕西省宝鸡市太白县人民路18号"}, 1783625),
        ({"address": "津市半田１１１３番地２"}, 1849796),  # not in China
        ({"address": "99/1 Moo 2, T.Sap Yai, A.Sap Yai, Chaiyaphum 36130, Thailand"}, 7510937),  # an amphoe
        ({"address": "99/1 หมู่ 2 ต.ทรัพย์ใหญ่ อ.ซับใหญ่ จ.ชัยภูมิ 36130"}, 7510937),
        ({"address": "โรงเรียนเทคนิค อำเภอซับใหญ่ จังหวัดชัยภูมิ"}, 7510937),
        ({"address": "岡山市北区清心町４番３１号"}, 1854383),  # a ward of Tokyo is called so, too
        ({"city": "大阪市北区", "country": "JP"}, 1853909),  # a ward of Tokyo is called so, too
        ({"city": "四日市市", "country": "日本"}, 1848373),
        ({"address": "성산로 250, 120-140 서울, South Korea"}, 1835848),
        ({"address": "부산 해운대구 우동"}, 1838524),
        ({"address": "대전광역시 서구 도안북로 88, 대한민국"}, 1835235),  # a 서구 is in three other cities
        ({"address": "전라남도 순천시 중앙로 255, 대한민국"}, 1835648),
        ({"address": "г. Томск, пр. Ленина, 36"}, 1489425),
        ({"address": "جدة, السعودية"}, 105343),
    ],
)
def test_addresses_in_their_own_script_are_read_by_their_characters(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "economy"), [("Gordon College, MA", {None, "US"}), ("Università di Catania (CT)", {"IT"})]
)
def test_the_code_of_a_state_binds_organisations_but_for_those_in_a_region_of_that_code(text, economy, registered):
    assert one(registered, institution=text)["economy"] in economy


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Mount Sinai Hospital, FL", None),  # is in Chicago
        ("Northwest Medical Center, NY", None),
        ("Cleveland Clinic Hospital, FL", None),
        ("Massachusetts General Hospital, MA", 4930956),
        ("Tel Aviv University (IL)", 293397),  # no state
        ("Mount Sinai Hospital, IL", 4887398),
    ],
)
def test_a_seat_in_another_state_than_the_one_whose_code_ends_a_text_is_not_meant(text, geonames_id, registered):
    assert one(registered, institution=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("name", "region", "geonames_id"),
    [
        ("Mount Sinai Hospital", "FL", None),
        ("Mount Sinai Hospital", "IL", 4887398),
        ("Palmdale Regional Medical Center", "CA", 5380698),
        ("Palmdale Regional Medical Center", "NY", None),
    ],
)
def test_a_state_in_its_column_without_a_country_is_read_as_behind_the_organisation(
    name, region, geonames_id, registered
):
    text, columns = f"{name}, {region}", {"institution": name, "region": region}
    answers = one(registered, **columns), one(registered, institution=text)
    assert [answer["gazetteer_id"] for answer in answers] == [geonames_id] * 2


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("東京都千代田区丸の内", ["丸の内", "千代田区", "東京都"]),
        ("京都府京都市", ["京都市", "京都府"]),
        ("大阪府立大学", ["大阪府立大学"]),
        ("四日市市", ["四日市市", "日本"]),
        ("清华大学", ["清华大学"]),
        ("南京市第一医院", ["第一医院", "南京市"]),
        ("100084 北京市海淀区清华园1号", ["100084", "清华园1号", "海淀区", "北京市"]),
        ("北京市海淀区清华园1号 100084", ["清华园1号 100084", "海淀区", "北京市"]),
        ("北京市 海淀区 清华园1号 清华大学", ["清华园1号 清华大学", "海淀区", "北京市"]),
        ("東京大学 〒113-8656 東京都文京区 本郷7-3-1", ["東京大学", "113-8656", "本郷7-3-1", "文京区", "東京都"]),
        ("株式会社 日立製作所 東京都千代田区 日本", ["株式会社 日立製作所", "千代田区", "東京都", "日本"]),
        ("浙江省金华市义乌市稠江街道", ["稠江街道", "义乌市", "金华市", "浙江省"]),
        ("上海市南京东路市百一店", ["南京东路市百一店", "上海市"]),
        ("山东平度市第一人民医院", ["第一人民医院", "平度市", "山东"]),
        ("山东大学青岛校区", ["山东大学青岛校区"]),
        ("四川成都市武侯区", ["武侯区", "成都市", "四川"]),
        ("首都高速道路株式会社", ["首都高速道路株式会社"]),
        ("北海道大学", ["北海道大学"]),
        (
            "Raymond and Beverly Sackler Faculty of Science, Israel",
            ["Raymond and Beverly Sackler Faculty of Science", "Israel"],
        ),
        ("서울 강남구 역삼동", ["역삼동", "강남구", "서울"]),
        ("서울 대학교 강남구", ["서울 대학교 강남구"]),
        ("서울특별시 서대문구 연세로 50", ["연세로 50", "서대문구", "서울특별시"]),
    ],
)
def test_addresses_that_begin_with_their_province_are_parted_before_smaller_places(text, segments):
    assert split(text) == segments


def test_segments_that_are_remembered_are_not_changed_by_who_asked_for_them():
    split("Foo, Kassel").clear()
    assert split("Foo, Kassel") == ["Foo", "Kassel"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("city", "country"), [("Zürich", "CH"), ("São Paulo", "BR"), ("Kraków", "PL"), ("Saint-Étienne", "FR")]
)
def test_accents_case_and_normal_form_do_not_matter(city, country, form, alone):
    plain = one(alone, city=city, country=country)
    assert plain["lat_e7"] is not None
    for written in (unicodedata.normalize(form, city), city.upper(), unicodedata.normalize(form, city.lower())):
        assert one(alone, city=written, country=country) == plain


def test_mojibake_is_read_as_meant(alone):
    assert one(alone, city="GdaÅ„sk", country="POL") == one(alone, city="Gdańsk", country="POL")
    assert one(alone, address="Konstanz, Baden-WÃ¼rttemberg, Germany")["gazetteer_id"] == 2885679


def test_coordinates_in_the_sea_lose_to_the_city_and_coordinates_in_it_win(alone):
    stated = {"city": "Tokyo", "country": "JP"}
    sea = one(alone, **stated, lat_e7=357_000_000, lon_e7=1_550_000_000)
    assert (sea["gazetteer_id"], sea["geocoding_evidence"]) == (1850147, "names")
    assert sea["location_probability"] < one(alone, **stated)["location_probability"]
    near = one(alone, **stated, lat_e7=356_800_000, lon_e7=1_397_600_000)
    assert (near["lat_e7"], near["lon_e7"], near["precision"]) == (356_800_000, 1_397_600_000, "site")
    assert near["geocoding_evidence"] == "coordinates+names"


@pytest.mark.parametrize(
    ("city", "country", "lat_e7", "lon_e7"),
    [
        ("San José", "CR", 373_382_082, -1_218_861_286),  # San Jose, California
        ("Oviedo", "ES", 286_699_970, -812_081_203),  # Oviedo, Florida
    ],
)
def test_a_city_and_its_country_outweigh_coordinates_abroad(alone, city, country, lat_e7, lon_e7):
    assert one(alone, city=city, country=country, lat_e7=lat_e7, lon_e7=lon_e7)["economy"] == country


def test_a_country_without_a_known_city_does_not_outweigh_coordinates(alone):
    answer = one(alone, city="Gojan-dong", country="KR", lat_e7=130_272_683, lon_e7=775_718_333)
    assert answer["economy"] == "IN"


def test_a_city_near_the_border_does_not_outweigh_coordinates_across_it(alone):
    answer = one(alone, city="Basel", country="DE", lat_e7=475_584_000, lon_e7=75_733_000)
    assert answer["economy"] == "CH"


def test_coordinates_tell_namesakes_apart(alone):
    answer = one(alone, city="Springfield", country="US", lat_e7=421_010_000, lon_e7=-725_900_000)
    assert answer["geocoding_evidence"] == "coordinates+names"
    assert answer["location_probability"] > Decimal("0.9")


def test_coordinates_alone_are_answered_at_once_as_the_judge_answers_them(alone):
    rows = [{"lat_e7": 487_764_000, "lon_e7": 91_829_000}, {"city": "Bonn", "country": "DE"}, {}]
    rows += [{"lat_e7": -400_000_000, "lon_e7": -1_200_000_000}, {"lat_e7": 0, "lon_e7": 0}]
    answers = alone.locate(address_table(*rows)).to_pylist()
    assert [row["lat_e7"] is not None for row in answers] == [True, True, False, True, False]
    for row, answer in zip(rows, answers, strict=True):
        assert alone.verdict(address_table(row)).answer.probability_pm == permille_of(answer["location_probability"])


def test_null_points_are_no_coordinates(alone):
    assert one(alone, lat_e7=0, lon_e7=0)["lat_e7"] is None
    assert one(alone, lat_e7=370_902_400, lon_e7=-957_128_910)["lat_e7"] is None
    assert one(alone, lat_e7=487_764_000, lon_e7=91_829_000)["economy"] == "DE"


def test_an_answer_carries_its_alternatives_and_all_probabilities_add_up_to_one_at_most(alone):
    answer = one(alone, city="Cambridge", country="US")
    assert answer["alternatives"]
    total = answer["location_probability"] + sum(other["location_probability"] for other in answer["alternatives"])
    assert total <= Decimal("1.002")  # each is rounded
    assert all(other["location_probability"] <= answer["location_probability"] for other in answer["alternatives"])
    assert len(answer["alternatives"]) <= 3


@pytest.mark.parametrize(
    ("group", "economies", "least", "answered"),
    [
        ("institution", ("DE",), 50, False),  # named only in part
        ("inside", (), 50, False),
        ("inside", ("DE",), 50, True),  # a country is stated
        ("column", (), 50, True),  # a column means a place
        ("misspelt", ("DE",), 50, True),  # its probability says how often such names are right
        ("misspelt", ("DE",), 60, False),
        ("text misspelt", ("DE",), 50, False),  # that of all names in texts
        ("elsewhere", ("DE",), 50, False),
        ("inside", (), 30, True),
        ("inside", (), 0, True),
    ],
)
def test_a_guess_and_a_text_without_a_country_must_be_surer(group, economies, least, answered):
    resolver = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(min_probability_pct=least)))
    features = ["institution: like its name, half of the text and all of the name"]
    bonn = Candidate(507_300_000, 71_000_000, -1, "names", "city", "DE", 2946447, group, features)
    answer = resolver.answer([Judged(bonn, 0.59, ("names",))], Surroundings(economies), [bonn], ("",) * 6)
    assert (answer.gazetteer_id is not None) == answered


def test_below_the_threshold_nothing_is_answered():
    address = {"city": "Springfield", "country": "US"}
    bold = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(min_probability_pct=0)))
    shy = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(min_probability_pct=99)))
    assert one(bold, **address)["lat_e7"] is not None
    assert one(shy, **address)["lat_e7"] is None


def test_a_doubtful_city_is_answered_by_its_region_where_a_study_takes_regions():
    shy = Geocoding(min_probability_pct=99, min_precision="region")
    answer = one(geocoding.resolver_for(geocoding.Settings(geocoding=shy)), city="Aurora", region="IL", country="US")
    assert (answer["precision"], answer["economy"]) == ("region", "US")


def test_only_the_evidence_that_a_study_names_is_used():
    address = {"city": "Paris", "country": "FR", "lat_e7": 457_500_000, "lon_e7": 48_500_000}
    names = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(use=["names"])))
    spots = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(use=["coordinates"])))
    assert one(names, **address)["gazetteer_id"] == 2988507
    assert one(spots, **address)["lat_e7"] == 457_500_000


def test_the_dictionary_answers_as_the_judge_does(alone):
    """The short way for names that need no reading is the same model, to the last digit."""
    places = gazetteer.places()
    rows = np.random.default_rng(5).choice(len(places.name), 4_000, replace=False)
    addresses = [{"city": places.name[row], "country": places.economy[row]} for row in rows]
    addresses += [
        {"city": places.name[row], "region": places.admin1[row], "country": "US"}
        for row in rows
        if places.economy[row] == "US"
    ]
    answers = alone.locate(address_table(*addresses)).to_pylist()
    model = load()
    short = 0
    for address, answer in zip(addresses, answers, strict=True):
        row = ("", "", "", address["city"], address.get("region", ""), address["country"])
        candidates, where = alone.finder.candidates(*row)
        judged = alone.answer(judge(candidates, model), where, candidates, row)
        assert answer["gazetteer_id"] == judged.gazetteer_id
        assert permille_of(answer["location_probability"]) == judged.probability_pm
        assert len(answer["alternatives"] or ()) == len(judged.alternatives or ())
        short += answer["lat_e7"] is not None
    assert short > 3_000


def test_no_order_of_the_addresses_matters(alone):
    rows = [{"city": c, "country": "US"} for c in ("Springfield", "Boston", "Qwxyz", "Portlnad")]
    forth, back = alone.locate(address_table(*rows)), alone.locate(address_table(*rows[::-1]))
    assert forth.schema.equals(ANSWER_SCHEMA)
    assert forth.to_pylist() == back.to_pylist()[::-1]
    assert alone.locate(address_table()).num_rows == 0


def test_addresses_of_every_kind_are_answered_in_their_order_whatever_stands_beside_them(alone):
    rows = [
        {"city": "Springfield", "region": "IL", "country": "US"},
        {"lat_e7": 485_000_000, "lon_e7": 90_000_000},
        {"city": "Zurich", "country": "CH"},
        {"address": "Aachen, Germany"},
        {"city": "Boston", "country": "US"},
        {},
        {"city": "Aachen", "country": "DE"},
        {"lat_e7": 10_000_000, "lon_e7": 20_000_000, "city": "Zurich", "country": "CH"},
        {"city": "Bostn", "country": "US"},
        {"city": "Zurich", "country": "CH"},
    ]
    together = alone.locate(address_table(*rows)).to_pylist()
    assert together == [one(alone, **row) for row in rows]
    assert len({str(row) for row in together}) > 6


@pytest.mark.parametrize("raw", [0.3, 0.5, 0.7, 0.9])
def test_a_name_that_is_misspelt_or_only_in_part_a_places_is_less_sure_than_a_whole_one_of_the_same_strength(raw):
    column, *mended = (
        load().calibrate(raw, in_group(group)) for group in ("column", "part", "misspelt", "misspelt part")
    )
    assert len(set(mended)) == 1
    assert mended[0] < column - 0.01


def test_a_misspelt_name_needs_no_more_than_the_threshold_as_its_probability_says_how_often_such_names_are_right(alone):
    first = explain({"city": "Puerto de Andraitx", "country": "ES"}, alone)[0]
    assert first.answered
    assert 0.55 <= first.probability < 0.66
    assert first.least == 0.55


def test_names_that_are_only_similar_to_an_organisation_s_have_a_calibration_of_their_own():
    model = load()
    similar, whole = in_group("institution", f"{LIKE}, 2 words"), in_group("institution", "institution: name")
    assert model.calibrate(0.6, similar) > model.calibrate(0.6, whole) == model.calibrate(0.6, in_group("text"))


@pytest.mark.shared
def test_a_judgement_is_explained_in_words(registered):
    explanations = explain({"address": "Tencent, Beijing, China"}, registered)
    assert (explanations[0].place.partition(",")[0], explanations[0].answered) == ("Beijing", True)
    assert all(reason.words for one in explanations for reason in one.reasons)
    assert explanations[0].sentence.startswith("Beijing, China: 0.")


def in_group(group, feature=""):
    """Return a candidate of a group of names, with a first feature."""
    return Candidate(0, 0, 0, "names", "city", "CH", 1, group, [feature])


@pytest.mark.parametrize(
    ("group", "feature"), [("column", ""), ("text", ""), ("misspelt", ""), ("institution", f"{LIKE}, 2 words")]
)
def test_calibration_rises_and_stays_between_nothing_and_certainty(group, feature):
    model, candidate = load(), in_group(group, feature)
    calibrated = [model.calibrate(p, candidate) for p in np.linspace(0, 1, 501)]
    assert calibrated == sorted(calibrated)
    assert 0 <= permille(calibrated[0]) <= permille(calibrated[-1]) <= 1000


@pytest.mark.parametrize(
    ("text", "written_out"),
    [
        ("U. of Oregon, USA", "University of Oregon"),
        ("Department of Physics, U of Oregon", "University of Oregon"),
        ("Vanderbilt U., USA", "Vanderbilt University"),
        ("Saint Mary's U", "Saint Mary's University"),
        ("Iowa State U (USA)", "Iowa State University"),
        ("U. de Salamanca, Spain", "University de Salamanca"),
        ("U Thant, Myanmar", "U Thant"),
        ("Petőfi u., Szeged, Hungary", "Petőfi u"),
        ("Block 4 U, Singapore", "Block 4 U"),
        ("U. Müller, Bonn, Germany", "U. Müller"),
    ],
)
def test_u_is_university_before_of_and_behind_a_name(text, written_out):
    assert written_out in [part.text for part in read(text, Surroundings()).segments]


@pytest.mark.parametrize(
    ("text", "before", "is_one"),
    [
        ("RIETI", ("Research Institute of Economy", "Trade and Industry"), True),
        ("BAM", ("Bundesanstalt für Materialforschung und -prüfung",), True),  # two words in one
        ("ULM", ("Universitätsklinikum Leipzig",), False),
        ("CREST", ("Center for Research in Economics and Statistics",), True),
        ("LENS", ("European Laboratory of Energy", "Sciences"), True),
        ("LIMA", ("Universidad de Lima",), False),
        ("BARI", ("Politecnico di Bari",), False),
        ("COMO", ("College of Modern Dance",), False),  # no letter of the last word
    ],
)
def test_an_acronym_is_made_of_the_first_letters_of_the_words_before_it(text, before, is_one):
    assert is_acronym(text, [segment(part) for part in before]) == is_one


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Research Institute of Economy, Trade and Industry (RIETI)", (35.69, 139.69)),  # by its letters
        ("Research Institute of Industrial Economics (IFN)", (59.33, 18.07)),  # by the register
    ],
)
def test_an_acronym_of_the_words_before_it_is_no_place(text, spot, registered):
    answer = one(registered, institution=text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Universiyt of Oregon, USA", (44.05, -123.09)),
        ("Univeersity of Otago", (-45.87, 170.50)),
        ("Johannes Kepler Universiy Linz, Austria", (48.31, 14.29)),
    ],
)
def test_general_words_of_organisations_are_mended(text, spot, registered):
    answer = one(registered, address=text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
def test_words_of_names_are_no_general_words_with_an_error(registered):
    for text in ("Universidad Internacional de La Rioja", "L'Hospitalet de Llobregat", "Université de Genève"):
        assert registered.finder.institutions.separate_names(text) == text
    assert registered.finder.institutions.separate_names("UNIVERSIY of Graz") == "UNIVERSITY of Graz"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Tennessee Tech, USA", (36.16, -85.50)),
        ("Montana Tech, USA", (46.00, -112.53)),
    ],
)
def test_an_organisations_name_is_no_misspelt_towns(text, spot, registered):
    answer = one(registered, address=text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
@pytest.mark.parametrize(
    "text",
    [
        "Applied Sciences, Brazil",  # no part of it is a town
        "Nursing, UK",  # no village is written so
        "Call Experts, USA",  # a village is called like a part of it
        "Quantum Chemistry, China",  # no word of it is a town's with an error
    ],
)
def test_a_mended_name_needs_support(text, registered):
    assert one(registered, address=text)["lat_e7"] is None


@pytest.mark.shared
def test_towns_with_errors_and_organisations_with_their_city_are_found_as_before(registered):
    for text, spot in (
        ("Trondhiem, Norway", (63.43, 10.40)),
        ("ETH Zurich, Switzerland", (47.37, 8.54)),
        ("Academisch Ziekenhuis Utrecht, Netherlands", (52.09, 5.12)),
        ("University of the South Pacific", (-18.14, 178.42)),
    ):
        answer = one(registered, address=text)
        assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2), text
    # A part inside the stated region is still one of the places that may be meant.
    assert one(registered, address="SUNY Potsdam, New York")["location_probability"] < 0.9


@pytest.mark.shared
@pytest.mark.parametrize(
    "text",
    [
        "University of West Georgia",  # University West is in Sweden
        "National Sun Yat-sen University",  # another one, without National, is in Guangzhou
    ],
)
def test_a_name_torn_out_of_a_longer_one_is_none(text, registered):
    assert one(registered, address=text)["lat_e7"] is None
