"""The sheets of the government workbook, each a pure reading of the fair; `workbook/writer.py` writes them."""
