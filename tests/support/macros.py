"""A second reader of VBA projects: oletools, which knows nothing of ours."""

import warnings


def macros_in(path):
    """The source of each module of a workbook or project, by the module's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls old names of its own libraries
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(path))
        found = {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_all_macros()}
        parser.close()
    return found
