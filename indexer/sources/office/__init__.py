"""Office files and e-books: text documents, presentations, workbooks and books.

`package` opens a ZIP file of parts and `xml_events` reads an XML part, both within limits and without
entities. `text_flow` puts paragraphs, tables and notes in order. `docx`, `pptx`, `opendocument` and
`epub` read with these alone, `rtf` parses Rich Text Format, and `workbook` needs python-calamine.
"""
