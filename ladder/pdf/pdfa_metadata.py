"""What a file says of itself: that it is fit to be read aloud, beside being fit to be kept."""

# PDF/A knows only its own words in the metadata: others come with a description of their schema
# (ISO 19005-3, 6.6.2.3), here of the one in which a file says that it is PDF/UA (ISO 14289-1, 5).
READ_ALOUD = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:schema>Identification of PDF/UA</pdfaSchema:schema>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def with_reading_aloud(metadata):
    """Take the metadata (XMP, bytes) of a file that claims PDF/A; return them with the claim of PDF/UA-1."""
    head, end, rest = metadata.rpartition(b"</rdf:RDF>")
    return head + READ_ALOUD.strip() + end + rest
