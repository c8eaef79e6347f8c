"""The stages in the order of the design: each is a noun, named after the table that it returns.

listings → places → located → points → clusters → merging → naming → measures → ranking
"""
