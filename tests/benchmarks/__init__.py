"""Pages measured beside a floor without a framework; run by `make bench`."""
