"""The page in headless Chromium, driven by Playwright, over `searchd serve`.

`apt install chromium` and `make axe` install what these tests need; they skip without it.
"""
