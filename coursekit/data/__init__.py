"""Data sets as numpy arrays and text. Nothing here downloads unless it is asked to.

On every machine:        digits, photo, photos, crops, faces, pydoc_text, tales, timeline, and
                         dates.lines (a task of our own)
Once fetched or cached:  mnist, tiny_imagenet, imagenette, text, gpt2_encoding
Each says what it is (`.source`). `available(name)` tells whether a fetched one is there; it never
uses the network. Its names are those of `python3 start.py fetch`: mnist, tiny_imagenet,
imagenette, tinyshakespeare, gpt2_vocabulary. `text(path)` and `text_parts(path)` read files of
yours, `token_ids` makes an array of token numbers of them.
"""
from coursekit.cache import FetchedDataMissing, available, folder
from coursekit.data import dates
from coursekit.data.digits import digits
from coursekit.data.faces import faces
from coursekit.data.imagenette import imagenette
from coursekit.data.images import Images
from coursekit.data.mnist import mnist
from coursekit.data.photos import crops, photo, photos
from coursekit.data.tales import tales
from coursekit.data.text import Text, pydoc_text, text, text_parts
from coursekit.data.timeline import timeline
from coursekit.data.tiny_imagenet import tiny_imagenet
from coursekit.data.tokens import gpt2_encoding, token_ids

__all__ = [
    "FetchedDataMissing",
    "Images",
    "Text",
    "available",
    "crops",
    "dates",
    "digits",
    "faces",
    "folder",
    "gpt2_encoding",
    "imagenette",
    "mnist",
    "photo",
    "photos",
    "pydoc_text",
    "tales",
    "text",
    "text_parts",
    "timeline",
    "tiny_imagenet",
    "token_ids",
]
