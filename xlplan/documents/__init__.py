"""Documents: templates that an office edits, filled with figures that know where they come from.

A template is an ordinary .docx (or .xlsx) with Jinja2 tags in it. It is compiled once and filled
many times; parts of the package without tags are copied as the compressed bytes they are.
"""
