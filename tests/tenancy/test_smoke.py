def test_the_cast_stands(cast):
    assert cast.acme.pk != cast.globex.pk


def test_switch(as_alice):
    assert as_alice.get("/organizations/switch/").status_code == 405
