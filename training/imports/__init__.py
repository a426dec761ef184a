"""培训台账: classes and who took part, read from the office's own workbook (see people.imports)."""
