"""Bounds on what is read from outside; beyond them a file is refused before it can cost memory or time."""

MAX_FILE_BYTES = 10 << 20
MAX_ENTRIES = 300
MAX_UNPACKED_BYTES = 150 << 20
MAX_RATIO = 100  # only for parts above RATIO_FREE_BYTES: small ones may repeat themselves
RATIO_FREE_BYTES = 1 << 20
MAX_ROWS = 50_000
MAX_COLUMNS = 256  # the width of an old .xls
MAX_AREA = 2_000_000  # used rows × used columns, over all sheets: 100 bytes a cell are 200 MB
MAX_CELL_ELEMENTS = 3_000_000  # cells written down at all, most of them empty but styled
MAX_NOTED = 500_000  # formulas, error cells, hidden rows and special formats together
MAX_MERGED_CELLS = 300_000
MAX_CELL_TEXT = 32_767  # what Excel itself can hold
