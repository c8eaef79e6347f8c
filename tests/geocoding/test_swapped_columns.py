"""A street in the column of cities and its town in the column of addresses."""

import pytest

from hubrank.geocoding.misplaced_values import rearranged


@pytest.mark.parametrize(
    ("town", "street", "country"),
    [
        ("Selb, 95100", "Weißenbacher Straße 62", ""),
        ("KENOSHA, 53143", "6308 EIGHTH AVE", "US"),
        ("TORBALI", "ERTUĞRUL MAH. MİTHATPAŞA CAD. NO:67/B", "TR"),
        ("Beelitz, 14547", "Paracelsusring 8", "DE"),  # a house's number behind what is no place
        ("Sheffield, S9 2EP", "Broughton Lane", "UK"),
        ("Soltau, 29614", "Factory Outlet Center", "DE"),  # by the post code alone
        ("BATON ROUGE, 70806", "8416 CUMBERLAND", "US"),  # of too few digits for a post code
    ],
)
def test_a_street_as_city_is_the_address_of_the_town_there(town, street, country):
    name, _, code = town.partition(", ")
    columns = rearranged("", "", town, street, "", country)
    assert (columns.city, columns.address) == (name, f"{street}, {code}" if code else street)


@pytest.mark.parametrize(
    ("address", "city", "country"),
    [
        ("Chelsea", "12 King's Road, London", "GB"),  # a town of its own
        ("Smíchov, 150 00", "Praha 5", "CZ"),
        ("Mitte", "10117 Berlin", "DE"),
        ("Berlin", "Hamburg", "DE"),
        ("Springfield House", "12 Elm Street", "US"),  # no town
        ("Siemens AG", "Elm Street 5", "DE"),
        ("Manali", "Shivaji Colony Marg", "IN"),  # neither number nor city
        ("Rue de Lyon 5", "Elm Street 5", "FR"),
        ("Kassel", "Elm Street 5", "Xyz"),  # no country
        # A city with its postal district, its state's code or its country's.
        *(
            ("Bedford", "London WC1", "GB"),
            ("Cambridge", "Manchester M1", "GB"),
            ("Oxford", "Manchester M13 9PL", "GB"),
        ),
        *(
            ("Waterloo", "London SE1", "GB"),
            ("Madison", "New York NY 10016", "US"),
            ("Aurora", "Seattle WA 98109", "US"),
        ),
        *(("Perth", "Adelaide SA 5005", "AU"), ("Torino", "Milano (MI) 20123", "IT"), ("Zürich", "Bern CH-3012", "CH")),
        *(("Gent", "Bruxelles B-1050", "BE"), ("Nürnberg", "München-Pasing 8", "DE"), ("Cork", "Dublin D02", "IE")),
        *(("Beaulieu", "Rennes Cedex 7", "FR"), ("Pune", "Mumbai, Maharashtra 400001", "IN")),
    ],
)
def test_what_is_no_street_beside_a_town_stays(address, city, country):
    columns = rearranged("", "", address, city, "", country)
    assert (columns.address, columns.city) == (address, city)
