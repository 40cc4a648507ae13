"""Previews as JPEG, small enough for an event."""

import base64
import io

SIDE = 384  # pixels of the longer side, at most
QUALITY = 80
BILINEAR = 2  # as Pillow numbers it


def preview_of(image):
    """Returns the data of a `preview` event. `image` is ComfyUI's tuple: format, Pillow image, size.
    Does not change the image. Raises any exception if it is no image."""
    image = image[1]
    part = min(1, SIDE / max(image.size))
    size = tuple(max(1, round(side * part)) for side in image.size)
    if size != image.size:
        image = image.resize(size, BILINEAR, reducing_gap=2.0)
    data = io.BytesIO()
    image.convert("RGB").save(data, "JPEG", quality=QUALITY)
    return {"media": "image/jpeg", "width": size[0], "height": size[1],
            "data": base64.b64encode(data.getvalue()).decode()}
