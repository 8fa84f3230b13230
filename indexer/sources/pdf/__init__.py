"""PDF: the text of PDF files, by the places of the glyphs on their pages.

`reader` yields the record of a file. It interprets the pages (`content`, `interpreter`, `page_content`,
with `fonts`, `cmaps`, `stated_tables` and `font_programs` for the letters of glyphs, `stated_text` and `text_layers` for
what is stated or invisible), puts `glyphs` together to `lines` and lines to the `reading_order` of a
page, and reads each line in logical order (`spacing`, `line_text`, `page_text`). Letters that a font does
not tell come from `known_glyphs`, or from the words of the document (`decipher`, over `glyph_words` and
`known_words`) and the order of glyphs in their font (`ordered_glyphs`, `glyph_order`). `furniture` takes
headers out, `judging` tells what is no text, `ocr` reads it with a command of the user, and `metadata`
has what the file states of itself.
"""
