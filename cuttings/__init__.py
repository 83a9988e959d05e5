"""The engine: values in, values out. It knows no Prefect, no site and no clock."""
