"""Verify files: that they are whole, undamaged and as declared."""

from heatdeath.program import ERROR, print_error


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="NetCDF file of heatdeath")


def run(arguments) -> int:
    """Verify every file and say of each what it holds or what is wrong with it."""
    from heatdeath.errors import FileFormatError
    from heatdeath.files import netcdf
    from heatdeath.study.catalogue import kind_named

    code = 0
    for path in arguments.files:
        try:
            record = netcdf.read(path, kind=kind_named)
        except FileFormatError as error:
            print_error(error)
            code = ERROR
        else:
            sizes = ", ".join(f"{name} {length}" for name, length in record.sizes.items())
            print(f"{path}: whole, {record.kind} ({sizes})")
    return code
