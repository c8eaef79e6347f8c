"""The places of GeoNames and the registers of organisations."""
