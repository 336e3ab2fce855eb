"""The page people show around, and its short form for a terminal: a verdict made readable.

Both are pure: an `Account` in, text out. Whatever a notebook holds is hostile until it has passed
`characters` (text), `markup` (HTML) or stands in an image.
"""
