"""What a text says of its country: surely, or in a way that may mean something else."""

import time

import pytest

from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import affiliations, split
from hubrank.geocoding.text.post_codes import bare, codes_in, opening_economy


@pytest.mark.parametrize(
    ("text", "economy", "doubtful"),
    [
        ("University of Nairobi, Nairobi, Kenya", "KE", False),
        ("Nairobi Kenya", "KE", False),
        ("Tsinghua University, Beijing 100084 P.R. China", "CN", False),
        ("University of Benin", "BJ", True),
        ("Faculty of Law, University of Luxembourg, Room 7", "LU", True),
        ("University of Nottingham Malaysia", "MY", False),
        ("Queen Elizabeth Hospital UK", "GB", False),
        ("Noguchi Institute, Ghana, Tel. 12", "GH", False),
        ("Dartmouth Hitchcock Medical Center, Lebanon, NH", "LB", True),
        ("School of Physics, University of Queensland, St Lucia, Queensland 4072", "LC", True),
        ("Institute of Technology in Architecture (ITA), ETH Zürich", "IT", True),
    ],
)
def test_a_country_is_doubtful_that_belongs_to_a_name_or_stands_before_a_region(text, economy, doubtful):
    reading = read(text, Surroundings())
    assert (reading.economies[0], reading.doubtful_at >= 0) == (economy, doubtful)
    surely = read(text, Surroundings(), certain=True)
    assert surely.economies[:1] == (() if doubtful else (economy,))
    assert surely.doubtful_at == -1


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        ("Tbilisi, Georgia", ("GE",)),
        ("Ilia State University, Tbilisi, Georgia", ("GE",)),
        ("Atlanta, Georgia", ()),
        ("Emory University, Georgia", ()),
    ],
)
def test_georgia_is_a_country_behind_a_town_that_is_there_alone(text, economies):
    assert read(text, Surroundings()).economies[:1] == economies


def test_a_stated_country_is_never_doubtful():
    reading = read("University of Benin", Surroundings(("NG",)))
    assert (reading.economies, reading.doubtful_at) == (("NG",), -1)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Centro Acadêmico de Vitória. Universidade Federal. Vitória, PE", 4),
        ("Inst. Physics. University of X, Bonn", 2),  # an abbreviation: full stops part nothing
        ("Calif. Inst. Technol., Pasadena", 2),
        ("J. R. D. Tata Institute. Mumbai", 1),
        ("Technology Alt-Moabit 96 a D-10559 Berlin, Germany", 3),
        ("15236 Cottbus, Germany", 2),
        ("Austin, Texas 78712, and", 2),
        ("Bonn, Germany. a.b@example.org", 2),
        ("Universidade do Estado-UNEB. Caetité, BA", 3),
        ("Ospedale Civile. Como. Italia", 3),
        ("Canada > Ontario > Aurora", 3),
        ("Aurora » Ontario → Canada", 3),
        ("p>q, Bonn", 2),
        ("Sapporo/Hokkaidō/Japan", 3),
        ("Fes/Fès-Meknès/Morocco", 3),  # not parted at the hyphen
        ("Physics/Chemistry/Mathematics", 1),
        ("Room 5/12/Peru", 1),
    ],
)
def test_full_stops_behind_words_arrows_and_post_codes_amid_words_part_a_text(text, segments):
    assert len(split(text)) == segments


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Foo, Boston, UK. Electronic address: a.b@example.org.", "UK"),
        ("Foo, Rochester, MN. E-mail: a@example.org; Bar, Rome, Italy", "MN"),
        ("Foo, Boston, UK. Email a@example.org", "UK"),
        ("Foo, Chicago, IL 60611 Electronic address: a@example.org", "IL 60611"),
        ("Corry, USA. Tel.: +49-89-1234567; Fax: +49-89-1234568", "USA"),
        ("Corry, USA. ORCID: 0000-0002-1825-0097", "USA"),
        ("Corry, USA, https://example.org/contact", "USA"),
        ("Foo, Boston, UK: a@example.org", "UK"),  # no label
        ("Foo, Zip: 12345-6789", "Zip: 12345-6789"),
    ],
)
def test_contacts_and_their_labels_are_no_part_of_an_address(text, last):
    assert split(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Foo Institute, Cambridge, UK (A.B., C.D.).", "UK"),
        ("Foo, Valencia, Spain (R.V.-U., K-H.S, E.F.)", "Spain"),
        ("Foo, Chapel Hill, NC. (B.M.G., Y.X., W.F.)", "NC"),
        ("Foo Institute, Mexico, D.F.", "D.F"),  # a region of the country
        ("Foo, Atlanta, GA, U.S.A.", "U.S.A"),
        ("Foo, Vancouver, B.C.", "B.C"),
        ("Birch Bay, Washington, United States, North America", "United States"),
        ("Peniche, Leiria, Portugal, Europa", "Portugal"),
        ("Corry, United States (EU)", "United States"),
        ("Kalibo, Asia", "Asia"),  # also a town of the Philippines
        ("Perth, Australia", "Australia"),
    ],
)
def test_initials_and_continents_behind_the_country_are_no_part_of_an_address(text, last):
    assert split(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("France: Cavaillon", ["Cavaillon", "France"]),
        ("France: Lyon; Germany: Bonn", ["Lyon", "France"]),
        ("Present address: Espoo, Finland", ["Espoo", "Finland"]),
        ("Present address: Espoo", ["Espoo"]),
        ("Location: Espoo", ["Espoo"]),
        ("Domicilio: Espoo, Finland", ["Espoo", "Finland"]),
        ("HQ: Espoo", ["Espoo"]),
        ("Based in Espoo, Finland", ["Espoo", "Finland"]),
        ("Google: Mountain View, USA", ["Google: Mountain View", "USA"]),
        ("TR Çorum", ["Çorum", "Türkiye"]),
        ("US-Corry", ["Corry", "United States"]),
        ("PT Braga, Jakarta, Indonesia", ["PT Braga", "Jakarta", "Indonesia"]),  # a company
        ("Anacleto Canabal 3ra. Seccion, Mexico", ["Anacleto Canabal 3ra. Seccion", "Mexico"]),  # no number
        ("Sony research: Tokyo, Japan", ["Sony research: Tokyo", "Japan"]),
        ("LA PAZ", ["LA PAZ"]),  # no place of Laos
        ("Çorum TR", ["Çorum", "TR"]),
        ("96199 Zapfendorf DE", ["96199 Zapfendorf", "Germany"]),
        ("25660 Fontain/FR", ["25660 Fontain", "France"]),
        ("Foobar DE", ["Foobar DE"]),
        ("PO Box 1234 Ede The Netherlands", ["PO Box 1234", "Ede", "The Netherlands"]),
        ("Xyntrax Inc. Baden, Switzerland", ["Xyntrax Inc.", "Baden", "Switzerland"]),
        ("Xyntrax Inc. Cleveland, Ohio, USA", ["Xyntrax Inc.", "Cleveland", "Ohio", "USA"]),
        ("Cumhuriyet Cad. No:5 Bodrum Türkiye", ["Cumhuriyet Cad. No:5", "Bodrum", "Türkiye"]),
        ("Foo GmbH Mannheim DE", ["Foo GmbH", "Mannheim", "DE"]),
        ("Xyntrax Inc. Foobar, Switzerland", ["Xyntrax Inc. Foobar", "Switzerland"]),
    ],
)
def test_words_beside_a_town_and_its_country_are_parted_where_the_country_has_it(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        # A state's code as well, whose post codes look otherwise or whose towns do not have the name.
        ("Lange Gasse 7 Regensburg DE 93047", ["Lange Gasse 7", "Regensburg 93047", "Germany"]),
        ("4 Hamelacha St. Netanya IL 4250574", ["4 Hamelacha St", "Netanya 4250574", "Israel"]),
        ("P.O. Box 39 Tel Aviv IL 61580", ["P.O. Box 39", "Tel Aviv 61580", "Israel"]),
        ("1 Main St Carbondale IL 62901", ["1 Main St Carbondale IL 62901"]),
        # Before its region, by whatever name, or before the country once more; the post code may stand before its code.
        ("7 Kings Rd Pune Maharashtra IN 411001", ["7 Kings Rd", "Pune", "Maharashtra 411001", "India"]),
        (
            "9 Quay St Burnaby British Columbia CA V5J 5K9",
            ["9 Quay St", "Burnaby", "British Columbia V5J5K9", "Canada"],
        ),
        ("Tulpgasse 3 Graz Austria AT 8010", ["Tulpgasse 3", "Graz", "Austria 8010", "Austria"]),
        ("KABELKAMP 20 HANNOVER 30179 DE", ["KABELKAMP 20", "HANNOVER 30179", "Germany"]),
        # Before what is no region's name, if the post code says so.
        ("Hochstrasse 6 Bad Iburg NDS DE 49186", ["Hochstrasse 6", "Bad Iburg", "NDS 49186", "Germany"]),
        ("Hoofdweg 9 Rijswijk ZH NL 2281AM", ["Hoofdweg 9", "Rijswijk", "ZH 2281", "Netherlands"]),
        # A code formed otherwise, as once, and one that the area contradicts, behind a large city.
        (
            "16 Gongdan-ro Gumi-si Gyeongbuk KR 730-906",
            ["16 Gongdan-ro", "Gumi-si", "Gyeongbuk 730906", "Republic of Korea"],
        ),
        ("4th Block BANGALORE IN 560079", ["4th Block", "BANGALORE 560079", "India"]),
        # No town, or one that belongs to a street.
        ("Via Monza Milano IT 20121", ["Via Monza", "Milano 20121", "Italy"]),
        ("Viale Sarca Foobarate IT 20126", ["Viale Sarca Foobarate 20126", "Italy"]),
        ("Model DE 2000", ["Model DE 2000"]),
        ("10 Calle Sol Ponce PR 00730", ["10 Calle Sol Ponce PR 00730"]),  # a territory is read as a state
    ],
)
def test_a_line_that_ends_in_the_codes_of_country_and_post_is_parted_at_its_town(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "economy", "last"),
    [
        ("59100 ROUBAIX", "FR", "ROUBAIX"),
        ("52115 ST DIZIER CEDEX", "FR", "ST DIZIER"),  # no place has the name so short
        ("8 Derby Street, 7260 Scottsdale", "AU", "Scottsdale"),  # four digits are no code of the United States
        ("Oak Lane 5, 9308 Aalst", "BE", "Aalst"),  # there is one in Germany
        ("410 PIEDMONT AVE # 2 SHELBY 28150", "US", "SHELBY"),
        ("118 Elm Road Kinston 28501", "US", "Kinston"),
        ("28501 Kinston", "", "Kinston"),  # a house's number there
        ("Room 4, Hannover 4000", "", "Hannover"),
        ("3 rue de Lyon 69001", "", "3 rue de Lyon"),
        ("23, grand'place 59670 cassel", "FR", "cassel"),  # no Kassel
        ("23 Grand Place 59670 Cassel", "FR", "Cassel"),
        ("Foo Inc 28501 Kinston", "", "Kinston"),  # a house's number there
    ],
)
def test_the_post_code_of_one_town_of_a_name_states_the_country(text, economy, last):
    reading = read(text, Surroundings())
    assert "".join(reading.economies[:1]) == economy
    assert reading.segments[-1].text == last


@pytest.mark.parametrize(
    ("text", "town", "state"),
    [
        ("School of Law, Darwin N.T. 0800", "Darwin", "Northern Territory"),
        ("Museum, Tamworth N.S.W. 2340", "Tamworth", "New South Wales"),
        ("School of Law, Townsville Qld 4810", "Townsville", "Queensland"),  # 1,100 km from its largest city
        ("School of Law, Mildura Vic. 3500", "Mildura", "Victoria"),
    ],
)
def test_a_state_s_letters_before_its_post_code_may_have_dots_or_be_small(text, town, state):
    reading = read(text, Surroundings())
    assert (reading.economies, reading.text_at(1)) == (("AU",), town)
    assert [region.name for at, region in reading.regions if at == 1] == [state]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Providence-Warwick, RI-MA", ["Providence", "RI"]),
        ("Winston-Salem, NC Metro Area", ["Winston-Salem", "NC"]),
        ("Lincoln, NE Metropolitan Statistical Area", ["Lincoln", "NE"]),
        ("Washington-Arlington-Alexandria, DC-VA-MD-WV", ["Washington", "DC"]),
        ("Foobar-Warwick, RI-MA", ["Foobar-Warwick", "RI-MA"]),
        # A town and its region, of either level, with nothing else.
        ("HARROGATE NORTH YORKSHIRE", ["HARROGATE", "NORTH YORKSHIRE"]),
        ("Grantham Lincolnshire", ["Grantham", "Lincolnshire"]),
        ("Reynosa Tamaulipas", ["Reynosa", "Tamaulipas"]),
        ("New York", ["New York"]),
        ("Kent Lincolnshire", ["Kent Lincolnshire"]),  # no Kent is in it
        ("Milton Keynes, Buckinghamshire, England", ["Milton Keynes", "Buckinghamshire", "England"]),
        # A state's code in small letters, and a state behind other words and its town.
        ("ponca city ok", ["ponca city", "OK"]),
        ("lane de", ["lane de"]),
        ("Rooster Brewing Paris Kentucky", ["Rooster Brewing", "Paris", "Kentucky"]),
        ("J. Doe & Sons Fayetteville West Virginia", ["J. Doe & Sons", "Fayetteville", "West Virginia"]),
        ("University of South Carolina", ["University of South Carolina"]),
        # Behind a house's number or a comma.
        ("88 PARIS PIKE FRANKFORT KENTUCKY", ["88 PARIS PIKE", "FRANKFORT", "KENTUCKY"]),
        ("Suite 4, 88 6th Street Show Low Arizona", ["Suite 4", "88 6th Street", "Show Low", "Arizona"]),
        ("88 Pike Street Kentucky", ["88 Pike Street Kentucky"]),
        ("High Street, Grantham Lincolnshire", ["High Street", "Grantham", "Lincolnshire"]),
        ("School of Medicine, Mount Sinai New York", ["School of Medicine", "Mount Sinai New York"]),  # the city
        ("Foo, Kent Lincolnshire", ["Foo", "Kent Lincolnshire"]),
        ("School of Medicine at Mount Sinai New York", ["School of Medicine at Mount Sinai New York"]),
    ],
)
def test_a_metropolitan_area_is_its_first_town_and_a_town_is_parted_from_its_region(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        ("Southampton, Hampshire", {"GB"}),
        ("Lancaster, Lancashire", {"GB"}),
        ("Reading, Berks", {"GB"}),
        ("Southampton, Hampshire County", {"GB", "US"}),
        ("Vincennes, Val-de-Marne", {"FR"}),
    ],
)
def test_a_county_of_the_united_states_behind_its_town_has_the_word_for_it(text, economies):
    assert {region.economy for at, region in read(text, Surroundings()).regions if at == 1} == economies


def test_a_code_before_the_post_code_and_behind_the_town_states_the_country():
    assert read("E-48950 Astrabudua (ES)", Surroundings()).economies[:1] == ("ES",)
    assert read("48950 Astrabudua (ES)", Surroundings()).economies[:1] == ("ES",)  # in parentheses, and there alone
    assert read("48950 Astrabudua ES", Surroundings()).economies == ()


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("四川成都", ["成都", "四川"]),
        ("江苏南京210093", ["210093", "南京", "江苏"]),
        ("中国四川成都 四川大学", ["四川大学", "成都", "四川", "中国"]),
        ("美国波士顿", ["波士顿", "美国"]),
        ("美国波士顿大学", ["美国波士顿大学"]),
        ("印度尼西亚雅加达", ["雅加达", "印度尼西亚"]),
        ("四川大学", ["四川大学"]),
        ("中国平安", ["中国平安"]),  # a company; a district of 100,000 people is called so, too
        ("廣東省深圳市龍崗區", ["龍崗區", "深圳市", "廣東省"]),
        ("台灣新竹縣竹北市", ["竹北市", "新竹縣", "台灣"]),
        ("四川省成都市邛崃市人民路71号", ["人民路71号", "邛崃市", "成都市", "四川省"]),  # known by its sound alone
        ("四川省成都市大型超市3号", ["大型超市3号", "成都市", "四川省"]),
        ("云南省普洱市墨江哈尼族自治县2号", ["2号", "墨江哈尼族自治县", "普洱市", "云南省"]),
        ("四川绵阳长虹电器股份有限公司", ["长虹电器股份有限公司", "绵阳", "四川"]),
        ("山东东营垦利区永莘路3号", ["永莘路3号", "垦利区", "东营", "山东"]),
        ("浙江义乌华鼎锦纶股份有限公司", ["华鼎锦纶股份有限公司", "义乌", "浙江"]),
        ("浙江义乌华鼎锦纶", ["浙江义乌华鼎锦纶"]),
        ("深圳迈瑞生物医疗电子股份有限公司", ["迈瑞生物医疗电子股份有限公司", "深圳"]),
        ("北京小米科技有限责任公司", ["小米科技有限责任公司", "北京"]),
        ("北京小米科技", ["北京小米科技"]),
        ("云南大理白族自治州祥云县", ["祥云县", "大理白族自治州", "云南"]),
        ("岐阜県大野郡白川村荻町1086", ["荻町1086", "白川村", "大野郡", "岐阜県"]),
        ("富山県中新川郡上市町法音寺1", ["法音寺1", "上市町", "中新川郡", "富山県"]),
        ("愛知県蒲郡市港町17", ["港町17", "蒲郡市", "愛知県"]),
    ],
)
def test_a_place_joined_to_its_province_or_country_in_chinese_characters_is_parted(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("College of Food Science; Wuhan Polytechnic Univ.; Wuhan 430023 China", 1),
        ("Faculdade de Medicina; Universidade Federal; Rio de Janeiro; Brazil; Fiocruz, Rio de Janeiro, Brazil", 2),
        ("University of Bonn, Bonn, Germany; MIT, Cambridge, USA", 2),
        ("University of Bonn; MIT, Cambridge, USA", 2),  # no name of a place alone before the country
        ("MIT; Harvard University", 2),
        ("Graduate School; Oregon State University; Corvallis; Oregon 97331", 1),
        ("Foo Institute; Perth; Western Australia", 1),
        ("Acme Corporation 12 Elm St Tacoma; WA 98402-1234", 1),  # no town alone, but the state's post code
        ("Acme Corporation 12 Elm St Tacoma; Washington 98402", 1),
        ("Acme Corporation 12 Elm St Tacoma; Washington 02360", 2),  # of Massachusetts
        ("Foo Institute; Corvallis; Oregon; USA; Bar, Kyoto, Japan", 2),
        ("Foo Institute; Corvallis; Oregon; Bar, Kyoto, Japan", 2),
        ("Foo Institute; Wuhan; Oregon", 3),
        ("Hauptstr. 5; DE-79576 Weil am Rhein", 1),
        ("Foo AG; Hauptstr. 5; D-79576 Weil am Rhein; Germany", 1),
        ("Foo Building; KR-150-606 Seoul; Bar, Kyoto, Japan", 2),
        ("Foo Building; Room-150 Seoul", 2),
        ("Foo Institute; Trento; Lombardia", 3),
        ("Foo; School of Bar, Baz and Qux; University of Edinburgh; Edinburgh, Scotland, United Kingdom", 1),
        ("Foo; School of Bar, Baz and Qux; University of Edinburgh; Edinburgh, Oregon, United Kingdom", 4),
        ("Foo, Oulu, 90570, Finland / University of Lagos, Lagos, Nigeria", 2),
        ("Foo, Austin, TX 78712 / University of Lagos, Lagos, Nigeria", 2),
        ("Foo, Boise, Idaho / University of Lagos, Lagos, Nigeria", 2),
        ("Institut Foo, CNRS / Université de Lille, Lille, France", 1),  # one organisation of two
        ("Austin / Texas, USA", 1),
    ],
)
def test_semicolons_and_slashes_behind_countries_part_affiliations_unless_a_place_alone_follows(text, pieces):
    assert len(affiliations(text)) == pieces
    assert ";" not in affiliations(text)[0]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("[Roe, Oulu; Doe, Jane] Univ Bonn, Bonn, Germany", ["Univ Bonn, Bonn, Germany"]),
        ("[Doe, J.] Univ Bonn, Bonn, Germany. [Roe, R.; Doe, J.] MIT, USA", ["Univ Bonn, Bonn, Germany", "MIT"]),
        ("Doe, J.; van der Roe, R.-K., Univ Bonn, Bonn, Germany", ["Univ Bonn, Bonn, Germany"]),
        ("Doe, J.; Roe, R.; Univ Bonn, Bonn; Univ Foo, USA", ["Univ Bonn, Bonn", "Univ Foo"]),
        ("Doe, J.; Roe, R.", ["Doe", "Roe"]),
        ("Washington, D.C.; Univ Bonn, Bonn", ["Washington, D.C", "Univ Bonn"]),
        ("Acme [Tacoma, Washington] USA", ["Acme [Tacoma, Washington] USA"]),
        ('["Bonn", "Germany"]', ['["Bonn", "Germany"]']),
        ("[1] University of Bonn, Germany", ["[1] University of Bonn, Germany"]),
        ("Foo Hospital, Boston (J.A.M., M.-K. L.), and Bar, Oslo (R.R.)", ["Foo Hospital, Boston", "Bar, Oslo"]),
        ("Departments of Foo (J.D., K.R.) and Bar (R.R.), Oslo", ["Departments of Foo and Bar, Oslo"]),
        ("Foo, Washington (D.C.)", ["Foo, Washington (D.C.)"]),
    ],
)
def test_names_of_authors_belong_to_no_affiliation_and_part_it_from_the_one_before(text, pieces):
    parts = affiliations(text)
    assert len(parts) == len(pieces)
    assert all(piece.strip(" .").startswith(front) for piece, front in zip(parts, pieces, strict=True))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("FERRARI, Luca, 57127 Livorno, IT", "57127 Livorno, IT"),
        ("PARIS, Jean, Nevers, FR", "Nevers, FR"),
        ("VALENCIA, Marta; Aranjuez (ES)", "Aranjuez (ES)"),
        ("DERBY, Alan\nRedcar (GB)", "Redcar (GB)"),
        ("DALLAS, Sydney; Lake Ridge, VA (US)", "Lake Ridge, VA (US)"),  # two towns far apart
        ("MARTIN, Nancy; Cachan (FR)", "Cachan (FR)"),
        ("DOE, John; Roe, Jane; Via Roma 1, IT-57127 Livorno (IT).", "Via Roma 1, IT-57127 Livorno (IT)."),
        ("Krüger, Anja; Gartenstraße 87, DE-48336 Sassenberg (DE).", "Gartenstraße 87, DE-48336 Sassenberg (DE)."),
        ("Weiß, Jörg, Dr.-Ing.; Schillerweg 132, DE-31785 Hameln (DE).", "Schillerweg 132, DE-31785 Hameln (DE)."),
        ("Roe, Anja; Gartenstraße 87, 48336 Sassenberg", "Gartenstraße 87, 48336 Sassenberg"),
        ("London, J.S., Dept Foo, Bar, TX 78363, United States", "Dept Foo, Bar, TX 78363, United States"),
        ("Derby, A (corresponding author), Dept Foo, Redcar, England.", "Dept Foo, Redcar, England."),
        ("Roe, R; Derby, A (reprint author), Dept Foo, Redcar, England.", "Dept Foo, Redcar, England."),
    ],
)
def test_names_of_a_person_before_an_address_with_its_town_are_left_out(text, address):
    assert affiliations(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "LIMA, Miraflores, Callao, Peru",  # a town and its quarter
        "AIRBUS, Toulouse, Blagnac, France",  # a company and its town
        "PARIS, Jean, FR",  # no town follows
        "Paris, Jean, Nevers, France",  # capitals alone tell a surname from what else a comma follows
        "NIMES, JEAN, NEVERS, FRANCE",
        "Washington, D.C., Ashburn, VA, USA",
        "UNIV FOO, Department, Nevers, FR",
        "ACME, Inc., Redcar, England",
        "PARIS, France, Nevers, France",
    ],
)
def test_towns_organisations_and_regions_before_a_town_are_no_person(text):
    assert affiliations(text) == [text]


@pytest.mark.parametrize("text", ["Boston, Massachusetts; Nevers, France", "Graz, Wien; Linz (AT)"])
def test_towns_before_a_semicolon_are_no_person(text):
    assert ", ".join(affiliations(text)).startswith(text.partition(";")[0])


@pytest.mark.parametrize(
    ("code", "economy"),
    [
        ("PL-65-127", "PL"),
        ("JP-3870015", "JP"),
        ("BR-01310-100", "BR"),
        ("NL-NL-7261AK", "NL"),
        ("DE-D-73235", "DE"),
        ("GB-KY11 2QQ", "GB"),
        ("CA-H3K 1G6", "CA"),
        ("BO-105", ""),  # as short as the number of a room
    ],
)
def test_the_country_before_a_post_code_is_stated_by_codes_of_all_forms(code, economy):
    assert opening_economy(f" {code} Foo") == economy
    assert bare(f"{code} Foo") == "Foo"
    assert codes_in("CA-H3K 1G6 Montreal") == ["H3K1G6"]


@pytest.mark.parametrize("mark", [" :", ":", " : :", " /", " =", "*", " -", "!", ";", " ."])
def test_marks_behind_the_last_part_belong_to_no_name(mark):
    assert split(f"Tacoma, WA{mark}") == ["Tacoma", "WA"]
    assert split(f"12 Elm Street Peoria Illinois 61602{mark}") == ["12 Elm Street Peoria", "Illinois 61602"]
    assert split(f"Acme [Tacoma, WA{mark}] USA") == ["Acme", "Tacoma", "WA", "USA"]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("INSTITUT FOO 69007 LYON FRANCE 2 AND", ["INSTITUT FOO", "69007 LYON FRANCE"]),
        ("Foo Institute, Boise, Idaho 83702, 1 and", ["Foo Institute", "Boise", "Idaho 83702"]),
        ("Foo Institute, Bonn, Germany; and", ["Foo Institute", "Bonn", "Germany"]),
        ("CRTRA, ENCAMP AND", ["CRTRA", "ENCAMP AND"]),  # a place of Andorra
        ("Foo Ltd, Auckland", ["Foo Ltd", "Auckland"]),
        ("LOCKLAND", ["LOCKLAND"]),
    ],
)
def test_the_and_at_the_end_is_no_country_but_behind_a_place_of_andorra(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Foo, TampereFinland", ["Foo", "Tampere", "Finland"]),
        ("Foo, Santa CruzBolivia", ["Foo", "Santa Cruz", "Bolivia"]),
        ("Foo, lyonFrance.", ["Foo", "lyon", "France"]),
        ("Foo, Boston, MA 02115USA", ["Foo", "Boston", "MA 02115", "USA"]),
        ("Foo, PetroChina", ["Foo", "PetroChina"]),  # no place
        ("Foo 60 Amsterdam NL 1101BE", ["Foo 60", "Amsterdam 1101", "Netherlands"]),  # BE is no Belgium
        ("Foo, Room 12USA", ["Foo", "Room 12USA"]),  # no post code
        ("Foo, Fort McCoy", ["Foo", "Fort McCoy"]),
        ("Av. Grau 12,Piura.Peru", ["Av. Grau 12", "Piura", "Peru"]),
        ("Foo,Oulu-90570.Finland", ["Foo", "Oulu-90570", "Finland"]),
        ("Foo, Piura.Grau", ["Foo", "Piura.Grau"]),
        ("Foo, St.Lucia", ["Foo", "St.Lucia"]),
    ],
)
def test_a_country_joined_to_its_town_or_post_code_is_parted(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Foo, Leeds, United Kingd", "United Kingdom"),
        ("Foo, Lyon, Fran", "France"),
        ("Foo, Perth, Aus", "Australia"),
        ("Foo, Guangzhou, Chi", "China"),  # no Chile
        ("Foo, Malmö, Fran", "Fran"),
        ("Foo, Alexandria, Roma", "Roma"),  # that of Romania is smaller than others
        ("Foo, Granada, Colo", "Colo"),  # Colorado, though Colombia has a larger town of the name
        ("Foo, Lyon, Fr", "Fr"),
        ("Suwon, Korea, Rep.", "Republic of Korea"),  # no République de Côte d’Ivoire, where a place is called Korea
        ("Fran", "Fran"),
    ],
)
def test_the_beginning_of_a_country_s_name_behind_a_town_there_is_that_country(text, last):
    assert split(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("FOO CORP DAYTON OH RADAR DIVISION", ["FOO CORP", "DAYTON", "OH"]),
        ("FOO CORP FORT WAYNE IN RADAR DIVISION", ["FOO CORP", "FORT WAYNE", "IN"]),
        ("DAYTON OH RADAR DIVISION", ["DAYTON", "OH"]),
        ("FOO CORP DAYTON OH", ["FOO CORP DAYTON OH"]),
        ("FOO CORP DAYTON OH 45402 USA", ["FOO CORP DAYTON OH 45402", "USA"]),
        ("FOO CORP DAYTON OH USA", ["FOO CORP DAYTON OH USA"]),
        ("UNIV ROMA LA SAPIENZA DIPARTIMENTO DI FISICA", ["UNIV ROMA LA SAPIENZA DIPARTIMENTO DI FISICA"]),
        ("FOO CORP, DAYTON OH RADAR DIVISION", ["FOO CORP", "DAYTON OH RADAR DIVISION"]),
    ],
)
def test_capitals_without_commas_are_parted_at_a_town_and_its_state(text, segments):
    assert split(text) == segments


def test_the_time_of_a_long_text_grows_with_its_length():
    read("what is loaded once, is", Surroundings())
    times = []
    for letters in (20_000, 200_000):
        text = f"a@b. {'x' * letters}, {' ' * letters}, {'é.' * letters}"
        start = time.process_time()
        read(text, Surroundings())
        times.append(time.process_time() - start)
    assert times[1] < 60 * max(times[0], 0.01)  # a hundred times and more where it grows with the square


@pytest.mark.parametrize(
    ("text", "economy", "regions"),
    [
        ("Raritan, New Jersey 08869", "US", {"NJ"}),  # not Jersey
        ("Albuquerque, New Mexico", "US", {"NM"}),
        ("Hohhot, Inner Mongolia", "CN", {"20"}),
        ("Perth, Western Australia", "AU", {"08"}),
        ("Universidad de Granada, Granada", "", {"06"}),  # a region of Nicaragua; the city is in Spain
        ("Springfield, Queensland", "AU", {"04"}),
        ("Erbil, Kurdistan", "", {"16"}),  # a region of Iran is called so, and Erbil is in Iraq
    ],
)
def test_a_region_that_nothing_else_is_called_like_says_its_country(text, economy, regions):
    reading = read(text, Surroundings())
    assert "".join(reading.economies[:1]) == economy
    assert {region.admin1 for _, region in reading.regions if not region.admin2} == regions


@pytest.mark.parametrize(
    ("text", "iso2"), [("Bonn, and", ""), ("Bonn, CAN", "CA"), ("Boston, usa", "US"), ("X, Can", "")]
)
def test_three_small_letters_are_a_country_only_where_people_write_it_so(text, iso2):
    assert "".join(read(text, Surroundings()).economies[:1]) == iso2


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        ("Universidade Federal de Viçosa. Florestal, MG", ("BR",)),  # Minas Gerais, not Madagascar
        ("Lab, Pune, MH", ("IN",)),  # Maharashtra, not the Marshall Islands
        ("Lab, Ispra, VA", ("IT",)),  # Varese, not Virginia
        ("Lab, Richmond, VA", ("US",)),
        ("Lab, Cuiabá, MT", ("BR",)),
        ("Lab, Belgrade, MT", ("US",)),
        ("Lab, Bethlehem, PA", ("US",)),  # Belém has it as another name, in a Pará that is PA, too
        ("Lab, Montrose, CA", ("US", "CA")),  # a village, and a town abroad
        ("Lab, Berlin, DE", ("DE",)),  # no Berlin in Delaware, not even a village
        ("Lab, Bellevue, WA", ("US", "AU")),
        ("Lab, Bern, BE", ("CH",)),  # a state's where the town is, not Belgium
        ("Lab, St. Gallen, SG", ("CH",)),
        ("Lab, Dehradun, UK", ("IN",)),
        ("Lab, Xqzwburg, TN", ("US", "TN")),  # no town says which
        ("Lab, São Carlos, SP", ("BR",)),  # a code of no country
        ("Lab, Xqzwburg, SP", ()),
    ],
)
def test_a_town_says_whose_two_letters_follow_it(text, economies):
    assert read(text, Surroundings()).codes == economies


def test_the_code_of_an_economy_of_one_city_behind_a_region_of_it_is_the_country():
    assert read("Lab, Msida, MT", Surroundings()).economies == ("MT",)
    assert read("Lab, Cuiabá, MT", Surroundings()).economies == ()
    assert read("Foo, AG", Surroundings()).economies == ()


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Rome, Ga.", ["Georgia"]),
        ("Charleston, W. Va.", ["West Virginia"]),
        ("Panama City, Fla.", ["Florida"]),
        ("Lab, Lake Charles, La.", ["Louisiana"]),
        ("Lab, Paris, La.", []),  # no town of Louisiana
        ("Philips NV, Eindhoven", []),  # the form of a company, not Nevada
    ],
)
def test_a_short_name_of_a_state_counts_behind_its_town(text, states):
    assert [region.name for _, region in read(text, Surroundings()).regions if not region.admin2] == states


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("University of Lund, Lund, Sweden, and University of Oslo, Oslo, Norway", "Sweden"),
        ("UNIVERSITY OF LUND, LUND, SWEDEN AND UNIVERSITY OF OSLO, OSLO, NORWAY", "SWEDEN"),
        ("Harvard, Boston, MA and Stanford, Palo Alto, CA", "MA"),
        ("Harvard, Boston, MA, and Duke, Durham, NC", "MA"),
        (
            "Université de Sherbrooke, Sherbrooke, Québec J1K 2R1 Canada and University of York, York, UK",
            "Québec J1K 2R1 Canada",
        ),
        ("Institute of Physics, Bosnia and Herzegovina", "Bosnia"),
        ("名古屋大学、名古屋市、日本", "日本"),
        ("دانشگاه تهران، تهران، ایران", "ایران"),
    ],
)
def test_the_first_affiliation_ends_before_and_behind_its_country_or_state(text, last):
    assert split(text)[-1] == last


@pytest.mark.parametrize(
    ("economy", "code", "city", "inside"),
    [
        ("ES", "PM", "Ibiza", True),  # far from Palma, and no other main town is nearer
        ("ES", "CO", "Lucena", True),
        ("IT", "LI", "Piombino", True),  # Grosseto is nearer than Livorno
        ("IT", "MI", "Turin", False),
        ("ES", "CA", "Málaga", False),
    ],
)
def test_a_place_is_in_a_province_by_its_nearest_main_towns(economy, code, city, inside):
    places = gazetteer.places()
    rows = [row for row, name in enumerate(places.name) if name == city and places.economy[row] == economy]
    row = max(rows, key=lambda row: places.population[row])
    spot = places.economy[row], places.admin1[row], int(places.lat_e7[row]), int(places.lon_e7[row])
    assert any(region.contains(*spot) for region in regions.find(code, economy) if region.admin2) == inside


def test_a_state_s_code_behind_a_town_in_one_part_is_its_region():
    reading = read("Universidade, Ribeirão Preto SP", Surroundings())
    assert [(region.economy, region.name) for _, region in reading.regions] == [("BR", "São Paulo")]
    assert reading.before == {1: "Ribeirão Preto"}


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Sidi Slimane/Rabat-Salé-Kénitra/Morocco", ["Sidi Slimane", "Rabat-Salé-Kénitra", "Morocco"]),
        ("Taxco/Guerrero/Mexico", ["Taxco", "Guerrero", "Mexico"]),
        ("Lab CNRS/IRD, Lima, Peru", ["Lab CNRS/IRD", "Lima", "Peru"]),
        ("5 Calle Real,Pereira.Colombia", ["5 Calle Real", "Pereira", "Colombia"]),
        ("Acme Co.Ltd", ["Acme Co.Ltd"]),
        ("195 14TH STREET RIFLE COLORADO", ["195 14TH STREET", "RIFLE", "COLORADO"]),
        ("365 BOSTON ROAD BILLERICA MASSACHUSETTS", ["365 BOSTON ROAD", "BILLERICA", "MASSACHUSETTS"]),
        ("12 Main Street Great Falls Montana", ["12 Main Street", "Great Falls", "Montana"]),
    ],
)
def test_slashes_a_full_stop_and_a_state_in_full_part_a_text(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        ("Orangeville (Ontario) CA", ("CA",)),
        ("Acme, Barrie, Ontario, CA", ("CA",)),
        ("Rialto, Ontario, CA", ()),  # in no Ontario
        ("Cruz del Eje, Córdoba, AR", ("AR",)),
        ("Mexico,Villahermosa,Acme", ("MX",)),
        ("Peru, Ica, Pisco, Main Street 5", ("PE",)),
        ("Peru, Indiana, Acme", ()),  # a town of the state
        ("Mexico, Missouri, Acme", ()),
    ],
)
def test_a_code_behind_the_region_of_a_town_and_a_country_before_one_of_its_towns_are_countries(text, economies):
    assert read(text, Surroundings()).economies[:1] == economies


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        ("Chennai IXP, IN", ("IN",)),
        ("Medina XYZ, SA", ("SA",)),
        ("Foobar XYZ, SA", ("AU", "SA")),
        ("FOOBAR MEDINA XYZ, SA", ("AU", "SA")),  # all are in capitals
    ],
)
def test_an_acronym_between_a_town_and_a_code_is_no_part_of_its_name(text, economies):
    assert read(text, Surroundings()).codes == economies


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        ("Les Templiers, 06410 Biot, Sophia-Antipolis", ()),  # and no British Indian Ocean Territory
        ("Les Templiers, 06410 Biot", ("FR",)),
        ("F-06410 Biot", ("FR",)),
        ("Rue Foo 5, 1234 Luxembourg", ("LU",)),
        ("Foo Road 5, 123456 Singapore", ("SG",)),
    ],
)
def test_a_country_behind_a_post_code_is_none_where_that_is_a_town_s(text, economies):
    assert read(text, Surroundings()).economies[:1] == economies
