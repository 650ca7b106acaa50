"""An address as a picture that a telephone reads."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString


def qr_code(address: str) -> SafeString:
    """Return a QR code as SVG; its look comes from the style sheet."""
    code = qrcode.QRCode(border=0)
    code.add_data(address)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return format_html(
        '<svg class="qr" viewBox="-4 -4 {0} {0}" role="img"'
        ' aria-labelledby="qr-title"><title id="qr-title">QR</title>'
        '<path d="{1}"/></svg>',
        len(rows) + 8,
        path,
    )
